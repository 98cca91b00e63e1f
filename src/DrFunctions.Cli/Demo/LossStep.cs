using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>The loss of the primary region.</summary>
internal static class LossStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Stops the region's storage and web endpoint, and waits until Traffic Manager's probe has noticed.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var primary = scene.Environment.Plan.Primary.Name;
        scene.LostAt = scene.Time.GetUtcNow();
        await scene.Environment.DarkenPrimaryAsync(cancellationToken);
        scene.Say($"{Output.Text(primary)}: storage stopped, web endpoint refuses connections");
        await TrafficMonitor.WaitAsync(scene, scene.Environment.Plan.Traffic.PrimaryEndpoint, "Degraded", Patience, cancellationToken);
    }
}
