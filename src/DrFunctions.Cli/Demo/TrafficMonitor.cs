using DrFunctions.Cli.Terminal;
using DrFunctions.Simulator.Control;

namespace DrFunctions.Cli.Demo;

/// <summary>What Traffic Manager's probes see.</summary>
internal static class TrafficMonitor
{
    /// <summary>Waits until an endpoint has a monitor status.</summary>
    public static async Task WaitAsync(
        SceneContext scene, string endpoint, string status, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var simulator = new SimulatorClient(scene.Environment.Simulator.Control);
        var seen = await scene.Polling.UntilAsync(
            $"Traffic Manager to find the endpoint {endpoint} {status}",
            patience,
            async token => Find(await simulator.GetStateAsync(token), endpoint),
            found => found.MonitorStatus == status,
            cancellationToken);
        scene.Say($"Traffic Manager: endpoint {Output.Text(endpoint)} is {Output.Text(seen.MonitorStatus)} ({Output.Text(seen.LastProbe ?? "not probed")})");
    }

    private static EndpointState Find(SimulatorState state, string endpoint) =>
        state.Profiles.SelectMany(profile => profile.Endpoints).First(candidate => candidate.Name == endpoint);
}
