using System.CommandLine;

namespace DrFunctions.Cli.Demo;

/// <summary><c>dr up</c></summary>
internal static class UpCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var stage = new StageOptions();
        return context.Command("up", "Start everything on this machine, with data, a plan and a first backup, until Ctrl+C.", stage.All,
            async (invocation, cancellationToken) =>
            {
                await using var environment = await stage.StartAsync(invocation, cancellationToken);
                var data = await stage.PrepareDataAsync(invocation, cancellationToken);
                using var scene = new SceneContext(environment, data, invocation.State.Evidence, invocation.Output, invocation.Time);
                await FailoverScene.PlayAsync(scene, [.. FailoverScene.Opening, FailoverScene.Backup], cancellationToken);
                StageText.Show(environment, invocation.Output);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new
                    {
                        url = $"http://127.0.0.1:{environment.Ports.App}/",
                        descriptor = environment.State.Descriptor,
                        workload = scene.Workload,
                    });
                }

                await StageText.WaitForCancelAsync(invocation.Time, cancellationToken);
                return ExitCodes.Success;
            });
    }
}
