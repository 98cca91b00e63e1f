using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary><c>dr demo</c></summary>
internal static class DemoCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var stage = new StageOptions();
        var keep = new Option<bool>("--keep") { Description = "Leave everything running afterwards, until Ctrl+C." };
        var evidence = new Option<string?>("--evidence")
        {
            Description = "Where evidence is written (default: evidence in the state directory).",
            HelpName = "DIR",
        };
        return context.Command("demo", "Watch an application survive the loss of a region, on this machine.", [.. stage.All, keep, evidence],
            async (invocation, cancellationToken) =>
            {
                var output = invocation.Output;
                output.Say("[bold]▸ Everything is started on this machine[/]");
                var began = invocation.Time.GetTimestamp();
                await using var environment = await stage.StartAsync(invocation, cancellationToken);
                var data = await stage.PrepareDataAsync(invocation, cancellationToken);
                output.Say($"    3 storage accounts, simulated cloud, function app; files in {Output.Text(environment.State.Path)}");
                output.Say($"    [green]✓[/] {Quantities.Duration(invocation.Time.GetElapsedTime(began))}");
                using var scene = new SceneContext(
                    environment, data, Path.GetFullPath(invocation.Value(evidence) ?? invocation.State.Evidence), output, invocation.Time);
                var opening = await FailoverScene.PlayAsync(scene, FailoverScene.Opening, cancellationToken);
                var curtain = invocation.Time.GetTimestamp();
                var recovery = await FailoverScene.PlayAsync(scene, FailoverScene.Recovery, cancellationToken);
                var result = SceneResult.Of(scene, [.. opening, .. recovery], invocation.Time.GetElapsedTime(curtain));
                output.Say("");
                output.Say($"[bold green]The shop survived.[/] Scene {Quantities.Seconds(result.SceneSeconds)}; "
                    + $"RTO {Quantities.Seconds(result.RtoSeconds)} of {Quantities.Seconds(result.RtoObjectiveSeconds)}, "
                    + $"RPO {Quantities.Seconds(result.RpoSeconds)} of {Quantities.Seconds(result.RpoObjectiveSeconds)}; "
                    + $"{result.FilesIdentical} files identical.");
                if (output.IsJson)
                {
                    output.Document(result);
                }

                if (invocation.Value(keep))
                {
                    StageText.Show(environment, output);
                    await StageText.WaitForCancelAsync(invocation.Time, cancellationToken);
                }

                return ExitCodes.Success;
            });
    }
}
