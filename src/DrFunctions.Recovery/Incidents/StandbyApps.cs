using System.Collections.Concurrent;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// Whether a standby's web app is there. An incident looks every few seconds, and a lost region has many incidents: that an app was seen
/// is remembered for <see cref="Memory"/>, so that looks leave Resource Manager's budget to the runs. That none was seen, or that nobody
/// answered, is not remembered. Thread-safe.
/// </summary>
internal sealed class StandbyApps(IWebApps webApps, TimeProvider time)
{
    private const int Most = 4096;

    private readonly ConcurrentDictionary<ResourceId, (string State, DateTimeOffset At)> _seen = new();

    /// <summary>How old an answer may be.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(15);

    /// <summary>The app's state; null when it does not exist.</summary>
    public async Task<string?> ReadStateAsync(ResourceId app, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(app, out var known) && (time.GetUtcNow() - known.At).Duration() < Memory)
        {
            return known.State;
        }

        var asked = time.GetUtcNow();
        var state = await webApps.ReadStateAsync(app, cancellationToken);
        if (state is null)
        {
            _seen.TryRemove(app, out _);
            return null;
        }

        if (_seen.Count >= Most)
        {
            _seen.Clear();
        }

        _seen[app] = (state, asked);
        return state;
    }
}
