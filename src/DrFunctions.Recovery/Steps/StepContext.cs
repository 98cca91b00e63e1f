using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>What a runner knows.</summary>
/// <param name="Plan">The plan at the run's version.</param>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Its fencing number.</param>
/// <param name="Step">The step.</param>
/// <param name="Chosen">What was chosen when the step began.</param>
public sealed record StepContext(
    WorkloadPlan Plan, RunRequest Run, long Epoch, RunbookStep Step, IReadOnlyDictionary<string, string> Chosen)
{
    // Shared by the copies of one attempt's context, which are used one after the other.
    private readonly Dictionary<object, object?> _seen = [];

    /// <summary>The step's index in the run, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// The sequence of the journal entry that began the step; 0 while it has not begun. Decisions of people are about this beginning
    /// of the step, see <see cref="People.DecisionRecord.Occasion"/>.
    /// </summary>
    public long Occasion { get; init; }

    /// <summary>When the step began; the time of the look while it has not.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>Whether a person forced the run: a step that can does without the old primary's word.</summary>
    public bool IsForced { get; init; }

    /// <summary>The facts of the step's end, for an undo; empty when it has not ended.</summary>
    public IReadOnlyDictionary<string, string> Ended { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Throws a <see cref="RecoveryException"/> when the attempt was overtaken: its step has ended, or its run lost the lock. An
    /// attempt of many effects asks before each; the answer is up to a second old.
    /// </summary>
    public required Func<CancellationToken, Task> EnsureCurrentAsync { get; init; }

    /// <summary>
    /// Reads something before the attempt changes anything: its precheck, its choice and the attempt itself judge the same sight, for
    /// one request of Resource Manager's budget. What is read to see an effect is read anew, without this.
    /// </summary>
    /// <param name="what">What is read, such as a resource's id.</param>
    /// <param name="read">Reads it.</param>
    public async Task<T> SeeAsync<T>(object what, Func<Task<T>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!_seen.TryGetValue(what, out var known))
        {
            _seen[what] = known = await read();
        }

        return (T)known!; // null only where T has it
    }
}
