using DrFunctions.Recovery.Runs;

namespace DrFunctions.Testing.Recovery;

/// <summary>Remembers what was scheduled. A test executes it, and says when an execution ended.</summary>
public sealed class FakeRunScheduler(Interception interception) : IRunScheduler
{
    /// <summary>Runs that are scheduled and not ended.</summary>
    public Dictionary<string, RunRequest> Executing { get; } = [];

    /// <summary>Every execution that was begun, in order.</summary>
    public List<string> Begun { get; } = [];

    public Task EnsureScheduledAsync(RunRequest request, CancellationToken cancellationToken) =>
        interception.CallAsync($"Schedule {request.RunId}", () =>
        {
            if (Executing.TryAdd(request.RunId, request))
            {
                Begun.Add(request.RunId);
            }

            return true;
        });
}
