using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// Attempts steps and undoes them, once a call. Each call may run twice, or be killed anywhere and run again: what it did stands in
/// the journal, which is read first.
/// </summary>
internal sealed class StepExecution(
    RunRecorder recorder, WorkloadLocks locks, IPlanSource plans, IEnumerable<StepRunner> runners, TimeProvider time)
{
    private static readonly TimeSpan TransientPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(0.2);

    // Below host.json's functionTimeout, so that an attempt ends here, with its reason, and not in the host.
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromMinutes(85);

    private readonly Dictionary<Type, StepRunner> runners = runners.ToDictionary(runner => runner.StepType);

    /// <summary>Attempts a step once. Null when it has ended, or is not to be attempted.</summary>
    public async Task<RunTurn?> AttemptAsync(string workload, string runId, int index, CancellationToken cancellationToken)
    {
        var held = await locks.RequireAsync(workload, runId, cancellationToken);
        var run = await recorder.RecordAsync(
            runId,
            now => now.Steps[index].State != StepState.Running && IsNext(now, index) ? JournalDraft.Of(JournalKind.StepStarted, index) : null,
            cancellationToken);
        if (run.Stop is not null || run.Steps[index] is not { State: StepState.Running } begun)
        {
            return null;
        }

        var context = await ContextAsync(
            run,
            held.Run,
            index,
            begun.Chosen,
            begun.StartedAt,
            Guard(workload, runId, runId, now => now switch
            {
                { Stop: { } stop } => $"The run '{runId}' was stopped by {stop.By}: {stop.Reason}",
                _ when IsOf(now, begun) => null,
                _ => $"Another attempt ended the step {index} of '{runId}' at {now.Steps[index].EndedAt:u}; this one stops.",
            }),
            cancellationToken);
        var deadline = begun.StartedAt!.Value + begun.Timeout; // Set by the beginning.
        var attempt = await LimitAsync(deadline, token => AttemptAsync(runId, begun, context, token), cancellationToken);
        if (attempt is null or { Code: "AttemptSuperseded" or "EpochSuperseded", Outcome: StepOutcome.Failed })
        {
            return null;
        }

        if (Again(runId, index, attempt, deadline) is { } again)
        {
            return again;
        }

        await recorder.RecordAsync(runId, now => IsOf(now, begun) ? End(index, attempt, begun.Timeout) : null, cancellationToken);
        return null;
    }

    /// <summary>Attempts once to undo a step. Null when the undo has ended, or is not to be attempted.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="actor">The run that holds the lock: this one, or the one that pre-empted it.</param>
    /// <param name="runId">The run whose step it is.</param>
    /// <param name="index">The step.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<RunTurn?> UndoAsync(string workload, string actor, string runId, int index, CancellationToken cancellationToken)
    {
        var held = await locks.RequireAsync(workload, actor, cancellationToken);
        var run = await recorder.RecordAsync(
            runId,
            now => now.Steps[index].State != StepState.Undoing && RunDecision.Next(now, time.GetUtcNow()) is RunDecision.Undo undo && undo.Step == index
                ? JournalDraft.Of(JournalKind.UndoStarted, index)
                : null,
            cancellationToken);
        if (run.Steps[index] is not { State: StepState.Undoing } begun)
        {
            return null;
        }

        bool IsUndoing(RunProgress now) => now.Steps[index] is { State: StepState.Undoing } step && step.UndoBegun == begun.UndoBegun;
        var context = await ContextAsync(
            run,
            actor == runId ? held.Run : held.Preempts ?? held.Run,
            index,
            begun.ChosenFirst,
            begun.StartedAt,
            Guard(workload, actor, runId, now => IsUndoing(now) ? null : $"Another attempt ended the undo of the step {index} of '{runId}'."),
            cancellationToken) with
        {
            Ended = begun.Facts,
        };
        var deadline = begun.UndoStartedAt!.Value + begun.Timeout; // Set by the beginning.
        deadline = run.Stop?.Deadline < deadline ? run.Stop.Deadline.Value : deadline;
        var attempt = await LimitAsync(
            deadline, async token => await GuardedAsync(() => runners[context.Step.GetType()].UndoAsync(context, token)), cancellationToken);
        if (attempt is { Code: "AttemptSuperseded" or "EpochSuperseded", Outcome: StepOutcome.Failed })
        {
            return null;
        }

        if (Again(runId, index, attempt!, deadline) is { } again) // Only an attempt that was overtaken is none.
        {
            return again;
        }

        await recorder.RecordAsync(runId, now => IsUndoing(now) ? EndOfUndo(index, attempt!) : null, cancellationToken);
        return null;
    }

    /// <summary>Records that a step, or its undo, broke, unless it has ended.</summary>
    public Task CrashAsync(string runId, int index, string message, CancellationToken cancellationToken) => recorder.RecordAsync(
        runId,
        run => run.Steps[index] switch
        {
            { State: StepState.Undoing } => Failure(JournalKind.UndoFailed, index, "UndoCrashed", message, "Look at what the step left."),
            { State: StepState.Running } => Failure(JournalKind.StepFailed, index, "StepCrashed", message, "Look into the app's log."),

            // It broke before it could begin.
            _ when IsNext(run, index) => JournalDraft.Of(JournalKind.StepStarted, index),
            _ => null,
        },
        cancellationToken);

    private bool IsNext(RunProgress run, int index) =>
        RunDecision.Next(run, time.GetUtcNow()) is RunDecision.Attempt attempt && attempt.Steps.Contains(index);

    private static bool IsOf(RunProgress run, StepProgress begun) =>
        run.Steps[begun.Index] is { State: StepState.Running } step && step.Begun == begun.Begun;

    private Func<CancellationToken, Task> Guard(string workload, string actor, string runId, Func<RunProgress, string?> overtaken) =>
        new CurrentAttempt(recorder, locks, workload, actor, runId, overtaken, time).EnsureAsync;

    private async Task<StepContext> ContextAsync(
        RunProgress run,
        RunRequest request,
        int index,
        IReadOnlyDictionary<string, string> chosen,
        DateTimeOffset? begunAt,
        Func<CancellationToken, Task> ensureCurrent,
        CancellationToken cancellationToken)
    {
        var plan = await RunPlans.ReadAsync(plans, run, run.Steps[index], cancellationToken);
        return new StepContext(plan, request, run.Epoch, plan.Runbooks[run.Runbook].Steps[index], chosen)
        {
            Index = index,
            Occasion = run.Steps[index].Begun,
            BegunAt = begunAt ?? time.GetUtcNow(),
            IsForced = run.IsForced,
            EnsureCurrentAsync = ensureCurrent,
        };
    }

    // The precheck, then the choice, then the attempt itself. Null when the step has ended meanwhile, or only its precheck was to run.
    private async Task<StepAttempt?> AttemptAsync(string runId, StepProgress begun, StepContext context, CancellationToken cancellationToken)
    {
        var runner = runners[context.Step.GetType()];
        var chosen = begun;
        if (!begun.IsChecked)
        {
            JournalDraft? draft = null;
            var refusal = await GuardedAsync(async () =>
            {
                var check = await runner.PrecheckAsync(context, cancellationToken);
                if (!check.IsOk)
                {
                    return StepAttempt.Failed(check.Code!, check.Message, check.Hint ?? ""); // A check that is not ok has a code.
                }

                var found = JournalDraft.Of(JournalKind.StepChecked, begun.Index, (RunFacts.Check, check.Message));
                draft = begun.ChecksOnly ? found : found.With(await runner.ChooseAsync(context, cancellationToken));
                return StepAttempt.Done("");
            });
            if (draft is null)
            {
                return refusal;
            }

            var run = await recorder.RecordAsync(
                runId, now => IsOf(now, begun) && now.Stop is null && !now.Steps[begun.Index].IsChecked ? draft : null, cancellationToken);
            chosen = run.Steps[begun.Index];
            if (run.Stop is not null || !IsOf(run, begun))
            {
                return null;
            }
        }

        return await GuardedAsync(() => runner.AttemptAsync(context with { Chosen = chosen.Chosen }, cancellationToken));
    }

    private static async Task<StepAttempt> GuardedAsync(Func<Task<StepAttempt>> attempt)
    {
        try
        {
            return await attempt();
        }
        catch (RecoveryException exception)
        {
            return exception.IsTransient
                ? StepAttempt.Again(exception.Code, exception.Message, TransientPause, exception.Hint)
                : StepAttempt.Failed(exception.Code, exception.Message, exception.Hint);
        }
    }

    private async Task<StepAttempt?> LimitAsync(
        DateTimeOffset deadline, Func<CancellationToken, Task<StepAttempt?>> attempt, CancellationToken cancellationToken)
    {
        var left = deadline - time.GetUtcNow();
        var limit = left < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : left > LongestAttempt ? LongestAttempt : left;
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await attempt(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return StepAttempt.Again("AttemptTimedOut", $"one attempt took longer than {limit}", TimeSpan.Zero, "Look at what the step waits for.");
        }
    }

    // Null when the attempt is the last: it ended, or the next one would begin after the deadline.
    private RunTurn? Again(string runId, int index, StepAttempt attempt, DateTimeOffset deadline)
    {
        var pause = attempt.After < LeastPause ? LeastPause : attempt.After;
        return attempt.Outcome == StepOutcome.Again && time.GetUtcNow() + pause < deadline
            ? RunTurn.Again(runId, index, pause, $"{attempt.Code}: {attempt.Summary}")
            : null;
    }

    private static JournalDraft End(int index, StepAttempt attempt, TimeSpan timeout) => attempt.Outcome switch
    {
        StepOutcome.Done => JournalDraft.Of(JournalKind.StepCompleted, index).With(attempt.Facts).With(new Dictionary<string, string> { [RunFacts.Summary] = attempt.Summary }),
        StepOutcome.Failed => Failure(JournalKind.StepFailed, index, attempt.Code ?? "StepFailed", attempt.Summary, attempt.Hint ?? ""),
        _ => Failure(JournalKind.StepFailed, index, "StepTimedOut", $"not done after {timeout}: {attempt.Code}; {attempt.Summary}", attempt.Hint ?? ""),
    };

    private static JournalDraft EndOfUndo(int index, StepAttempt attempt) => attempt.Outcome switch
    {
        StepOutcome.Done => JournalDraft.Of(JournalKind.UndoCompleted, index, (RunFacts.Summary, attempt.Summary)),
        StepOutcome.Failed => Failure(JournalKind.UndoFailed, index, attempt.Code ?? "UndoFailed", attempt.Summary, attempt.Hint ?? ""),
        _ => Failure(JournalKind.UndoFailed, index, "UndoTimedOut", $"not undone in time: {attempt.Code}; {attempt.Summary}", attempt.Hint ?? ""),
    };

    private static JournalDraft Failure(JournalKind kind, int index, string code, string message, string hint) =>
        JournalDraft.Of(kind, index, (RunFacts.Code, code), (RunFacts.Message, message), (RunFacts.Hint, hint));
}
