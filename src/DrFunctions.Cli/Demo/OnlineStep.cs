using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>Waits until users can reach the primary region.</summary>
internal static class OnlineStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits for Traffic Manager's probe.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var traffic = scene.Environment.Plan.Traffic;
        await TrafficMonitor.WaitAsync(scene, traffic.PrimaryEndpoint, "Online", Patience, cancellationToken);
        scene.Say($"users open {Output.Text(traffic.Check.GetLeftPart(UriPartial.Authority))} and are served by {Output.Text(scene.Environment.Plan.Primary.Name)}");
    }
}
