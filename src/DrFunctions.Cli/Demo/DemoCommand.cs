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
        var keep = new Option<bool>("--keep") { Description = "Leave everything running afterwards, also when a step fails, until Ctrl+C." };
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
                int code;
                try
                {
                    var data = await stage.PrepareDataAsync(invocation, cancellationToken);
                    output.Say($"    3 storage accounts, simulated cloud, function app; files in {Output.Text(environment.State.Path)}");
                    output.Say($"    [green]✓[/] {Quantities.Duration(invocation.Time.GetElapsedTime(began))}");
                    using var scene = new SceneContext(
                        environment, data, Path.GetFullPath(invocation.Value(evidence) ?? invocation.State.Evidence), output, invocation.Time);
                    code = await PlayAsync(scene, cancellationToken);
                }
                catch (Exception failure) when (invocation.Value(keep) && !cancellationToken.IsCancellationRequested)
                {
                    code = await FailureBorder.TellAsync(invocation, failure); // now: what is left running is there to be looked at
                }

                if (invocation.Value(keep))
                {
                    StageText.Show(environment, output);
                    await StageText.WaitForCancelAsync(invocation.Time, cancellationToken);
                }

                return code;
            });
    }

    private static async Task<int> PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var opening = await FailoverScene.PlayAsync(scene, FailoverScene.Opening, cancellationToken);
        var curtain = scene.Time.GetTimestamp();
        var recovery = await FailoverScene.PlayAsync(scene, FailoverScene.Recovery, cancellationToken);
        var result = SceneResult.Of(scene, [.. opening, .. recovery], scene.Time.GetElapsedTime(curtain));
        scene.Output.Say("");
        scene.Output.Say(result.LastWords());
        if (scene.Output.IsJson)
        {
            scene.Output.Document(result);
        }

        return result.KeptObjectives ? ExitCodes.Success : ExitCodes.RunFailed;
    }
}
