using System.Text.Json;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.Approval;

namespace DrFunctions.Recovery.Approvals;

/// <summary>
/// Tells what waits for whom, and takes people's words. A word is recorded and changes nothing by itself: the step that waits
/// counts what is recorded.
/// </summary>
public sealed class ApprovalDesk(RunJournal journal, WorkloadLocks locks, IPlanSource plans, DecisionLog decisions, TimeProvider time)
{
    /// <summary>The approvals that the workload's active run waits for.</summary>
    public async Task<IReadOnlyList<WaitingApproval>> ReadAsync(string workload, CancellationToken cancellationToken) =>
        await locks.ReadAsync(workload, cancellationToken) is { State: LockState.Held } held
        && await journal.ReadAsync(held.Run.RunId, cancellationToken) is { Count: > 0 } entries
            ? [.. (await FindAsync(entries, cancellationToken)).Where(each => each.Count.Outcome == ApprovalOutcome.Waiting)]
            : [];

    /// <summary>Records a person's word. Idempotent.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="step">The step's name; null where only one waits.</param>
    /// <param name="kind"><see cref="DecisionKind.Approve"/> or <see cref="DecisionKind.Decline"/>.</param>
    /// <param name="caller">Who says so.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops the call; whether the word is recorded is then unknown.</param>
    public async Task<ApprovalAnswer> DecideAsync(
        string runId, string? step, DecisionKind kind, CallerIdentity caller, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (kind is not (DecisionKind.Approve or DecisionKind.Decline))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected an approval or a decline.");
        }

        var entries = await journal.ReadAsync(runId, cancellationToken);
        if (entries.Count == 0)
        {
            return new ApprovalAnswer.UnknownRun();
        }

        var waiting = await FindAsync(entries, cancellationToken);
        if (waiting.Where(each => step is null || each.StepName == step).ToList() is not [var approval])
        {
            return await FindRecordedAsync(entries, step, kind, caller, cancellationToken)
                ?? (ApprovalAnswer)new ApprovalAnswer.NotWaiting([.. waiting.Select(each => each.StepName)]);
        }

        var now = time.GetUtcNow();
        if (approval.Request.ReasonAgainst(caller) is { } against)
        {
            return new ApprovalAnswer.NotYours(against);
        }

        var made = await decisions.ReadAsync(runId, approval.Step, approval.Request.Occasion, cancellationToken);
        if (now >= approval.Request.ExpiresAt)
        {
            return made.FirstOrDefault(each => each.Kind == kind && each.By.IsSamePersonAs(caller)) is { } inTime
                ? new ApprovalAnswer.Recorded(approval, inTime, IsNew: false)
                : new ApprovalAnswer.Late(approval.Request.ExpiresAt);
        }

        if (kind == DecisionKind.Approve
            && made.FirstOrDefault(each => each.Kind == DecisionKind.Decline && each.By.IsSamePersonAs(caller)) is { } declined)
        {
            return new ApprovalAnswer.Declined(declined);
        }

        var (recorded, isNew) = await decisions.AddAsync(
            new DecisionRecord(1, runId, approval.Step, approval.Request.Occasion, kind, caller, now, reason), cancellationToken);
        return new ApprovalAnswer.Recorded(
            approval with { Count = await CountAsync(runId, approval.Step, approval.Request, cancellationToken) }, recorded, isNew);
    }

    private async Task<IReadOnlyList<WaitingApproval>> FindAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        var run = RunProgress.Of(entries);
        return run.Ended is null && run.Stop is null
            ? await ReadAsync(run, run.Steps.Where(step => step.State == StepState.Running), cancellationToken)
            : [];
    }

    // Whoever got no answer says the same again, and the run may have gone on by that very word.
    private async Task<ApprovalAnswer.Recorded?> FindRecordedAsync(
        IReadOnlyList<JournalEntry> entries, string? step, DecisionKind kind, CallerIdentity caller, CancellationToken cancellationToken)
    {
        var run = RunProgress.Of(entries);
        foreach (var asked in (await ReadAsync(run, run.Steps.Where(one => step is null || one.Name == step), cancellationToken)).Reverse())
        {
            var made = await decisions.ReadAsync(run.RunId, asked.Step, asked.Request.Occasion, cancellationToken);
            if (made.FirstOrDefault(each => each.Kind == kind && each.By.IsSamePersonAs(caller)) is { } recorded)
            {
                return new ApprovalAnswer.Recorded(asked, recorded, IsNew: false);
            }
        }

        return null;
    }

    // What those of the steps ask that are approvals, each as it began last.
    private async Task<IReadOnlyList<WaitingApproval>> ReadAsync(RunProgress run, IEnumerable<StepProgress> steps, CancellationToken cancellationToken)
    {
        var found = new List<WaitingApproval>();
        foreach (var step in steps)
        {
            if (step.StartedAt is { } began && await RunPlans.StepAsync(plans, run, step, cancellationToken) is ApprovalStep approval)
            {
                var request = approval.Request(step.Begun, began, StarterOf(run.Start));
                found.Add(new WaitingApproval(
                    run.RunId, run.Workload, step.Index, step.Name, approval.Question, request, await CountAsync(run.RunId, step.Index, request, cancellationToken)));
            }
        }

        return found;
    }

    private async Task<ApprovalCount> CountAsync(string runId, int step, ApprovalRequest request, CancellationToken cancellationToken) =>
        ApprovalCount.Of(request, await decisions.ReadAsync(runId, step, request.Occasion, cancellationToken), time.GetUtcNow());

    private static CallerIdentity StarterOf(JournalEntry start)
    {
        try
        {
            return JsonSerializer.Deserialize<CallerIdentity>(start.Required(RunFacts.Starter), DocumentJson.Options)
                ?? throw new JsonException("The starter is null.");
        }
        catch (JsonException)
        {
            throw EntryFacts.Unreadable(start, $"has something else than a caller as its fact '{RunFacts.Starter}'");
        }
    }
}
