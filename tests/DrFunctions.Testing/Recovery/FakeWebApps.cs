using DrFunctions.Recovery;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Sites in memory. A change that changes nothing leaves no effect.</summary>
public sealed class FakeWebApps(Interception interception, List<string> effects) : IWebApps
{
    private int _lag;

    /// <summary>Sites and their states.</summary>
    public Dictionary<ResourceId, string> States { get; } = [];

    /// <summary>How many reads after a change still show the old state.</summary>
    public int ReadsBehind { get; set; }

    public Task<string?> ReadStateAsync(ResourceId site, CancellationToken cancellationToken) => interception.CallAsync(
        $"ReadState {site.Name}",
        () => States.GetValueOrDefault(site) is { } state && _lag-- > 0 ? Other(state) : States.GetValueOrDefault(site));

    public Task StartAsync(ResourceId site, CancellationToken cancellationToken) => ChangeAsync("start", site, "Running");

    public Task StopAsync(ResourceId site, CancellationToken cancellationToken) => ChangeAsync("stop", site, "Stopped");

    private static string Other(string state) => state == "Running" ? "Stopped" : "Running";

    private Task<bool> ChangeAsync(string verb, ResourceId site, string state) => interception.CallAsync($"{verb} {site.Name}", () =>
    {
        if (!States.TryGetValue(site, out var before))
        {
            throw new RecoveryException("ResourceNotFound", $"'{site}' does not exist.", isTransient: false, "Correct the plan.");
        }

        if (before != state)
        {
            States[site] = state;
            _lag = ReadsBehind;
            effects.Add($"{verb} {site.Name}");
        }

        return true;
    });
}
