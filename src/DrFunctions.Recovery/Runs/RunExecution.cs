using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// What the activities of a run do. Each method may run twice, or be killed anywhere and run again: what it has done stands in
/// the journal, which is read first.
/// </summary>
public sealed class RunExecution(
    IDocumentStore documents,
    WorkloadLocks locks,
    IPlanSource plans,
    RunJournal journal,
    IEnumerable<StepRunner> runners,
    TimeProvider time)
{
    private static readonly TimeSpan TransientPause = TimeSpan.FromSeconds(2);
    private readonly Dictionary<Type, StepRunner> runners = runners.ToDictionary(runner => runner.StepType);

    /// <summary>
    /// Opens the journal. Null when the run does not hold its lock (any more), or can never begin and the lock was released with the
    /// reason: then there is nothing to do.
    /// </summary>
    public async Task<RunOutline?> BeginAsync(string workload, string runId, CancellationToken cancellationToken)
    {
        if (await locks.ReadAsync(workload, cancellationToken) is not { State: LockState.Held } held || held.Run.RunId != runId)
        {
            return null;
        }

        try
        {
            var plan = await plans.ReadAsync(workload, held.Run.PlanVersion, cancellationToken);
            var runbook = plan.Runbooks[held.Run.Runbook];
            await journal.AppendAsync(RunFacts.Started(held.Run, held.Epoch, plan, runbook, time.GetUtcNow()), cancellationToken);
            return new RunOutline([.. runbook.Steps.Select(step => step.Timeout.TotalSeconds)]);
        }
        catch (RecoveryException exception) when (!exception.IsTransient)
        {
            if (await journal.FindAsync(runId, 0, cancellationToken) is not null)
            {
                throw;
            }

            // It can never begin, and without a journal nobody could cancel it: the lock would be held for ever.
            await locks.ReleaseAsync(workload, runId, $"{exception.Code}: {exception.Message}", cancellationToken);
            return null;
        }
    }

    /// <summary>Attempts a step once.</summary>
    public async Task<StepReport> AttemptAsync(string workload, string runId, int index, CancellationToken cancellationToken)
    {
        if (await journal.FindAsync(runId, EndOf(index), cancellationToken) is { } ended)
        {
            return Report(ended);
        }

        var begun = await journal.FindAsync(runId, StartOf(index), cancellationToken);
        if (begun is { Kind: JournalKind.RunEnded })
        {
            return Report(begun);
        }

        // Its step before must have ended well: nobody is moved on the word of a caller who skips the fence.
        if (begun is null && index > 0 && await journal.FindAsync(runId, StartOf(index) - 1, cancellationToken) is not { Kind: JournalKind.StepCompleted })
        {
            throw new RecoveryException(
                "StepOutOfOrder",
                $"The step {index} of '{runId}' cannot begin: the step {index - 1} has not ended well.",
                isTransient: false,
                "Read the run's journal; start the run again.");
        }

        WorkloadLock held;
        try
        {
            held = await locks.RequireAsync(workload, runId, cancellationToken);
        }
        catch (RecoveryException exception) when (exception.Code == "EpochSuperseded")
        {
            return await FailAsync(runId, index, exception.Code, exception.Message, exception.Hint, cancellationToken);
        }

        var plan = await plans.ReadAsync(workload, held.Run.PlanVersion, cancellationToken);
        var step = plan.Runbooks[held.Run.Runbook].Steps[index];
        var runner = runners[step.GetType()];
        if (await documents.ReadAsync<CancelRequest>(CancelRequest.Key(runId), cancellationToken) is { } cancel)
        {
            return begun is null
                ? new StepReport(StepNext.Stop, 0, "Cancelled", null)
                : await FailAsync(runId, index, "Cancelled", $"cancelled by {cancel.Value.CancelledBy}: {cancel.Value.Reason}", "Nothing to do.", cancellationToken);
        }

        var context = new StepContext(plan, held.Run, held.Epoch, step, new Dictionary<string, string>())
        {
            Index = index,
            BegunAt = begun?.At ?? time.GetUtcNow(),
            EnsureCurrentAsync = new CurrentAttempt(journal, locks, held.Run, EndOf(index), time).EnsureAsync,
        };
        StepAttempt attempt;
        try
        {
            begun ??= await journal.AppendAsync(
                Entry(runId, StartOf(index), JournalKind.StepStarted, index, await runner.ChooseAsync(context, cancellationToken)),
                cancellationToken);
            if (begun.Kind == JournalKind.RunEnded)
            {
                return Report(begun);
            }

            attempt = await runner.AttemptAsync(context with { Chosen = begun.Facts, BegunAt = begun.At }, cancellationToken);
        }
        catch (RecoveryException exception)
        {
            attempt = exception.IsTransient
                ? StepAttempt.Again(exception.Code, exception.Message, TransientPause, exception.Hint)
                : StepAttempt.Failed(exception.Code, exception.Message, exception.Hint);
        }

        return attempt.Outcome switch
        {
            StepOutcome.Done => Report(await journal.AppendAsync(
                Entry(runId, EndOf(index), JournalKind.StepCompleted, index, attempt.Facts, ("summary", attempt.Summary)), cancellationToken)),
            StepOutcome.Again => new StepReport(StepNext.Again, attempt.After.TotalSeconds, attempt.Code, attempt.Summary),
            _ => await FailAsync(runId, index, attempt.Code ?? "StepFailed", attempt.Summary, attempt.Hint ?? "", cancellationToken),
        };
    }

    /// <summary>Records that a step failed, unless its end is recorded already; that end then counts.</summary>
    public async Task<StepReport> FailAsync(
        string runId, int index, string code, string message, string hint, CancellationToken cancellationToken)
    {
        // A step that failed before it could begin still has both its entries: the journal has no gaps.
        var begun = await journal.AppendAsync(
            Entry(runId, StartOf(index), JournalKind.StepStarted, index, new Dictionary<string, string>()), cancellationToken);
        if (begun.Kind == JournalKind.RunEnded)
        {
            return Report(begun);
        }

        return Report(await journal.AppendAsync(
            Entry(
                runId,
                EndOf(index),
                JournalKind.StepFailed,
                index,
                new Dictionary<string, string>(),
                ("code", code),
                ("message", message),
                ("hint", hint)),
            cancellationToken));
    }

    /// <summary>Closes the journal and releases the lock, in this order: a released lock means a sealed journal.</summary>
    public async Task EndAsync(string workload, string runId, CancellationToken cancellationToken)
    {
        IReadOnlyList<JournalEntry> entries;
        while ((entries = await journal.ReadAsync(runId, cancellationToken))[^1] is { Kind: not JournalKind.RunEnded } last)
        {
            if (last is { Kind: JournalKind.StepStarted, Step: { } open })
            {
                await FailAsync(
                    runId,
                    open,
                    "StepAbandoned",
                    "the run was ended while the step was under way; what it did is not known",
                    "Look at what the step did, then start the run again.",
                    cancellationToken);
                continue;
            }

            var state = last.Kind == JournalKind.StepFailed
                ? last.Fact("code") == "Cancelled" ? RunState.Cancelled : RunState.Failed
                : RunViews.Of(entries).Steps.All(step => step.State == StepState.Completed) ? RunState.Completed : RunState.Cancelled;
            await journal.AppendAsync(
                Entry(runId, entries.Count, JournalKind.RunEnded, null, new Dictionary<string, string>(), ("state", state.ToString())),
                cancellationToken);
        }

        await locks.ReleaseAsync(workload, runId, note: null, cancellationToken);
    }

    private static int StartOf(int index) => (2 * index) + 1;

    private static int EndOf(int index) => (2 * index) + 2;

    private static StepReport Report(JournalEntry ended) => ended.Kind == JournalKind.StepCompleted
        ? new StepReport(StepNext.Continue, 0, null, null)
        : new StepReport(StepNext.Stop, 0, ended.Fact("code"), null);

    private JournalEntry Entry(
        string runId,
        int sequence,
        JournalKind kind,
        int? step,
        IReadOnlyDictionary<string, string> facts,
        params ReadOnlySpan<(string Name, string Value)> more)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            all[name] = value;
        }

        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return new JournalEntry(1, runId, sequence, kind, time.GetUtcNow(), step, all, JournalEntry.Genesis, null);
    }
}
