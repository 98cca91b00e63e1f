using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Runs;

/// <summary>
/// What the activities of a run do: read the journal, decide, act, append. Each method may run twice, beside another one, or be
/// killed anywhere and run again.
/// </summary>
public sealed class RunExecution
{
    private readonly WorkloadLocks locks;
    private readonly IPlanSource plans;
    private readonly TimeProvider time;
    private readonly RunJournal journal;
    private readonly RunRecorder recorder;
    private readonly StepExecution steps;
    private readonly Preemption preemption;
    private readonly ControlAuthority? authority;

    /// <summary>Executes runs.</summary>
    /// <param name="locks">Who holds which workload.</param>
    /// <param name="plans">The plans that runs are pinned to.</param>
    /// <param name="journal">Where runs stand.</param>
    /// <param name="runners">What does the steps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="authority">Whether this app took over from another one, whose runs wait for a person; null for an app alone.</param>
    public RunExecution(
        WorkloadLocks locks, IPlanSource plans, RunJournal journal, IEnumerable<StepRunner> runners, TimeProvider time, ControlAuthority? authority = null)
    {
        this.authority = authority;
        (this.locks, this.plans, this.journal, this.time) = (locks, plans, journal, time);
        recorder = new RunRecorder(journal, time);
        steps = new StepExecution(recorder, locks, plans, runners, time);
        preemption = new Preemption(recorder, plans, time);
    }

    /// <summary>
    /// Opens the journal and answers what is to be done first. Nothing is, when the run does not hold its lock (any more), or can
    /// never begin and the lock was released with the reason.
    /// </summary>
    public async Task<RunTurn> BeginAsync(string workload, string runId, CancellationToken cancellationToken) =>
        await OpenAsync(workload, runId, cancellationToken) ? await TurnAsync(workload, runId, cancellationToken) : RunTurn.Done(runId);

    /// <summary>Opens the journal, so that the run can be read. False when there is nothing to do.</summary>
    public async Task<bool> OpenAsync(string workload, string runId, CancellationToken cancellationToken)
    {
        if (await locks.ReadAsync(workload, cancellationToken) is not { State: LockState.Held } held || held.Run.RunId != runId)
        {
            // A run that was superseded while it ran is to seal its journal.
            return await recorder.FindAsync(runId, cancellationToken) is { Ended: null };
        }

        try
        {
            var plan = await plans.ReadAsync(workload, held.Run.PlanVersion, cancellationToken);
            var start = RunFacts.Started(held, plan, plan.Runbooks[held.Run.Runbook]);
            await recorder.BeginAsync(runId, start, cancellationToken);
            return true;
        }
        catch (RecoveryException exception) when (!exception.IsTransient)
        {
            if (await recorder.FindAsync(runId, cancellationToken) is not null)
            {
                throw;
            }

            // It can never begin, and without a journal nobody could cancel it: the lock would be held for ever.
            await locks.ReleaseAsync(workload, runId, $"{exception.Code}: {exception.Message}", cancellationToken);
            return false;
        }
    }

    /// <summary>
    /// Decides what is to be done next, and records what follows from that alone: a pause, the end. What a run that was pre-empted
    /// left is undone before anything else.
    /// </summary>
    public async Task<RunTurn> TurnAsync(string workload, string runId, CancellationToken cancellationToken)
    {
        var held = await locks.ReadAsync(workload, cancellationToken);
        var superseded = WorkloadLocks.LossOf(held, workload, runId);
        if ((superseded is not null || !await InterruptAsync(runId, held!.TakenAt, cancellationToken)) // a lock that is not lost is there
            && held?.Preempts is { } victim
            && await preemption.RecordAsync(held, victim, cancellationToken)
            && superseded is null
            && await DecideAsync(victim.RunId, null, cancellationToken) is RunDecision.Undo back)
        {
            return new RunTurn(TurnKind.Undo, victim.RunId, [back.Step], 0, null);
        }

        switch (await DecideAsync(runId, superseded, cancellationToken))
        {
            case RunDecision.Attempt attempt:
                return new RunTurn(TurnKind.Attempt, runId, attempt.Steps, 0, null);
            case RunDecision.Undo undo:
                return new RunTurn(TurnKind.Undo, runId, [undo.Step], 0, null);
            case RunDecision.Wait wait:
                return new RunTurn(TurnKind.Wait, runId, [], Math.Max(0, (wait.Until - time.GetUtcNow()).TotalSeconds), null);
            default:
                // In this order: a released lock means a sealed and anchored journal.
                await journal.AnchorAsync(runId, cancellationToken);
                if (superseded is null && held?.Preempts is { } left)
                {
                    await journal.AnchorAsync(left.RunId, cancellationToken);
                }

                // Where the lock is another's, this does nothing.
                await locks.ReleaseAsync(workload, runId, note: null, cancellationToken);
                return RunTurn.Done(runId);
        }
    }

    /// <summary>Attempts a step once.</summary>
    public async Task<RunTurn> AttemptAsync(string workload, string runId, int index, CancellationToken cancellationToken) =>
        await IsInterruptedAsync(runId, cancellationToken)
            ? await TurnAsync(workload, runId, cancellationToken)
            : await GuardAsync(() => steps.AttemptAsync(workload, runId, index, cancellationToken))
                ?? await AfterAsync(workload, runId, runId, index, cancellationToken);

    /// <summary>Attempts once to undo a step.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="runId">The run that acts, and holds the lock.</param>
    /// <param name="of">The run whose step it is: the same, or the one that it pre-empted.</param>
    /// <param name="index">The step's index.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<RunTurn> UndoAsync(string workload, string runId, string of, int index, CancellationToken cancellationToken) =>
        await IsInterruptedAsync(runId, cancellationToken)
            ? await TurnAsync(workload, runId, cancellationToken)
            : await GuardAsync(() => steps.UndoAsync(workload, runId, of, index, cancellationToken))
                ?? await AfterAsync(workload, runId, of, index, cancellationToken);

    /// <summary>Records that a step, or its undo, broke in a way that trying again does not mend.</summary>
    public async Task<RunTurn> CrashAsync(
        string workload, string runId, string of, int index, string message, CancellationToken cancellationToken)
    {
        await steps.CrashAsync(of, index, message, cancellationToken);
        return await AfterAsync(workload, runId, of, index, cancellationToken);
    }

    /// <summary>Records what a person has the run do, if it waits for that. The run is to be woken then. Idempotent for whoever got no answer.</summary>
    /// <exception cref="RecoveryException">
    /// There is no such run (<c>RunNotBegun</c>), or the step cannot have such fields (<c>StepFieldsInvalid</c>).
    /// </exception>
    public async Task<CommandVerdict> CommandAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        command = await WithFieldsAsync(runId, command, cancellationToken);
        CommandVerdict? verdict = null;
        var run = await recorder.RecordOnceAsync(
            runId, now => ((verdict = RunCommands.Judge(now, command)) as CommandVerdict.Accepted)?.Draft, cancellationToken);
        verdict ??= RunCommands.Judge(run, command); // A run that has ended is not asked.
        return verdict is CommandVerdict.Refused
            && RunCommands.FindRepeated(run, await journal.ReadAsync(runId, cancellationToken), command) is { } recorded
                ? new CommandVerdict.Repeated(recorded)
                : verdict;
    }

    /// <summary>Records, once, that a run is expected to finish later than its RTO allows. Idempotent, also between processes.</summary>
    /// <returns>Whether this call recorded it.</returns>
    /// <exception cref="RecoveryException">There is no such run (<c>RunNotBegun</c>).</exception>
    public async Task<bool> WarnAsync(string runId, ProjectionView projection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var isNew = false;
        await recorder.RecordOnceAsync(
            runId,
            run => (isNew = !run.IsProjectedLate)
                ? JournalDraft.Of(
                    JournalKind.ProjectionPassedRto,
                    null,
                    ("finishAt", EntryFacts.Write(projection.FinishAt)),
                    (RunFacts.Summary, $"expected to finish {projection.FinishAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, after the RTO; {projection.StepsMeasured} of {projection.StepsLeft} steps by past runs"))
                : null,
            cancellationToken);
        return isNew;
    }

    /// <summary>Whether the last that happened to the run is that a person decided: it may wait and not know.</summary>
    public async Task<bool> MayNeedWakingAsync(string runId, CancellationToken cancellationToken) =>
        await recorder.FindAsync(runId, cancellationToken) is
        {
            Ended: null,
            Last: JournalKind.StepRetried or JournalKind.StepSkipped or JournalKind.RunForced or JournalKind.UndoRequested or JournalKind.RunCancelled,
        };

    // What a step is changed to is checked before it is recorded, and as a whole with what was changed before.
    private async Task<RunCommand> WithFieldsAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        var run = await recorder.ReadAsync(runId, cancellationToken);
        if (command is not { Kind: CommandKind.Retry, Parameters.Count: > 0 }
            || RunCommands.Judge(run, command) is not CommandVerdict.Accepted
            || run.Steps.FirstOrDefault(one => one.Name == command.Step) is not { } step)
        {
            return command;
        }

        var fields = new Dictionary<string, string>(step.Parameters);
        foreach (var (name, value) in command.Parameters)
        {
            fields[name] = value;
        }

        var plan = await plans.ReadChangedAsync(
            run.Workload, run.PlanVersion, run.Runbook, step.Name, fields, cancellationToken);
        return command with { Timeout = plan.Runbooks[run.Runbook].Steps[step.Index].Timeout };
    }

    // That the lock is lost is for the turn to record.
    private static async Task<RunTurn?> GuardAsync(Func<Task<RunTurn?>> act)
    {
        try
        {
            return await act();
        }
        catch (RecoveryException exception) when (exception.Code == "EpochSuperseded")
        {
            return null;
        }
    }

    private async Task<RunDecision> DecideAsync(string runId, string? superseded, CancellationToken cancellationToken)
    {
        RunDecision decision = new RunDecision.Done();
        var run = await recorder.RecordAsync(
            runId,
            now => (decision = RunDecision.Next(now, time.GetUtcNow(), superseded)) is RunDecision.Record record ? record.Draft : null,
            cancellationToken);
        return run.Ended is null ? decision : new RunDecision.Done();
    }

    private async Task<bool> IsInterruptedAsync(string runId, CancellationToken cancellationToken) =>
        authority?.LastTerm is { } term
        && await recorder.RecallAsync(runId, cancellationToken) is var run
        && (Interruption.IsWaiting(run) || Interruption.IsDue(run, journal.Recall(runId), run.Start.At, term));

    private async Task<bool> InterruptAsync(string runId, DateTimeOffset begun, CancellationToken cancellationToken)
    {
        if (authority?.LastTerm is not { } term || begun >= term.Since)
        {
            return false;
        }

        await journal.ReadAsync(runId, cancellationToken);
        return Interruption.IsWaiting(await recorder.RecordOnceAsync(
            runId,
            run => Interruption.IsDue(run, journal.Recall(runId), begun, term) ? Interruption.Draft(run, term, time.GetUtcNow()) : null,
            cancellationToken));
    }

    // Beside others the turn is for whoever waits for all of them.
    private async Task<RunTurn> AfterAsync(string workload, string runId, string of, int index, CancellationToken cancellationToken)
    {
        var run = await recorder.RecallAsync(of, cancellationToken);
        return run.Steps[index].Group is null ? await TurnAsync(workload, runId, cancellationToken) : RunTurn.Settled(runId);
    }
}
