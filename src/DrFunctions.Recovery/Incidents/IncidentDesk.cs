using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>What the activities of an incident do: open it, look, decide, start the run. Every method may run twice.</summary>
public sealed class IncidentDesk(
    IncidentLog incidents,
    IPlanSource plans,
    WorkloadLocks locks,
    WorkloadStates states,
    IncidentOpinions opinions,
    IncidentSight sight)
{
    /// <summary>Opens the workload's incident, or adds new alerts to the open one; null when there is nothing to look into.</summary>
    public async Task<IncidentOutline?> OpenAsync(string workload, CancellationToken cancellationToken)
    {
        if (await plans.FindCurrentAsync(workload, cancellationToken) is not { } current
            || await incidents.OpenAsync(workload, current.Version, cancellationToken) is not { } incident)
        {
            return null;
        }

        // Judged by the plan it was opened with, also when a newer one is applied meanwhile.
        var policy = (await plans.ReadAsync(workload, incident.PlanVersion, cancellationToken)).Incidents;
        var since = incident.OpenedAt;
        if (await locks.ReadAsync(workload, cancellationToken) is { ReleasedAt: { } ended } && ended + policy.Cooldown > since)
        {
            since = ended + policy.Cooldown;
        }

        return new IncidentOutline(incident.Id, policy.Dwell.TotalSeconds, since + policy.Patience) { PatienceSeconds = policy.Patience.TotalSeconds };
    }

    /// <summary>Looks at everything and decides.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="incidentId">Its open incident.</param>
    /// <param name="redSince">Since when the conditions have held at every look.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<Assessment> AssessAsync(
        string workload, string incidentId, DateTimeOffset? redSince, CancellationToken cancellationToken)
    {
        var incident = await incidents.ReadAsync(workload, incidentId, cancellationToken);
        var plan = await plans.ReadAsync(workload, incident.PlanVersion, cancellationToken);
        var facts = await sight.LookAsync(plan, incident, incident.Alerts, redSince, cancellationToken);
        var verdict = IncidentDecision.Decide(plan.Incidents, facts);
        await incidents.ChangeAsync(
            workload, incidentId, seen => seen with { Verdict = verdict, VerdictAt = facts.Now }, cancellationToken);
        return new Assessment(verdict.Decision, verdict.ConditionsHold, verdict.Reason, facts.ActiveRun, verdict.WorthUntil);
    }

    /// <summary>
    /// The verdict if an alert came now, or the open incident's by what is seen now; null when the workload has no plan. Alerts that stand
    /// count; where there is none, one is assumed. Reads only.
    /// </summary>
    public async Task<VerdictPreview?> PreviewAsync(string workload, CancellationToken cancellationToken)
    {
        if (await plans.FindCurrentAsync(workload, cancellationToken) is not { } current)
        {
            return null;
        }

        var (plan, version) = current;
        var remains = await incidents.ReadRemainsAsync(workload, cancellationToken);
        var open = remains.IsOpen ? remains.Last : null;
        if (open is not null && open.PlanVersion != version)
        {
            (plan, version) = (await plans.ReadAsync(workload, open.PlanVersion, cancellationToken), open.PlanVersion);
        }

        // What people decided about the open incident counts; its dwell is not known here, and is taken to pass.
        var alerts = open?.Alerts ?? (remains.Alerts.Count > 0 ? remains.Alerts : null);
        var facts = await sight.LookAsync(plan, open, alerts, null, cancellationToken) with { IsHypothetical = true };
        var verdict = IncidentDecision.Decide(plan.Incidents, facts);
        return new VerdictPreview(
            workload,
            version,
            plan.Incidents.Runbook,
            facts.Now,
            verdict.Decision,
            verdict.Reason,
            verdict.Rules,
            new LossView(facts.Loss.Loss?.TotalSeconds, facts.MaxLoss.TotalSeconds, plan.Objectives.Rpo.TotalSeconds, facts.Loss.Detail),
            open?.Id,
            facts.ActiveRun)
        {
            Standing = remains.Alerts,
        };
    }

    /// <summary>Records what a person decided about an open incident; null when there is no open incident of that id.</summary>
    /// <exception cref="RecoveryException">
    /// The person may not (<c>NotAllowed</c>), or the rule cannot be overridden (<c>RuleUnknown</c>).
    /// </exception>
    public async Task<DecisionRecord?> DecideAsync(
        string workload, string incidentId, DecisionKind kind, string? rule, CallerIdentity by, string reason, CancellationToken cancellationToken)
    {
        if (await incidents.FindOpenAsync(workload, cancellationToken) is not { } open || open.Id != incidentId)
        {
            return null;
        }

        var plan = await plans.ReadAsync(workload, open.PlanVersion, cancellationToken);
        var request = new ApprovalRequest(plan.Incidents.Approval.Rule, 0, open.OpenedAt, CallerIdentity.System("incident"));
        if (request.ReasonAgainst(by) is { } against)
        {
            throw new RecoveryException("NotAllowed", $"{against}.", isTransient: false, "Ask somebody who may.");
        }

        var facts = kind == DecisionKind.Override ? await sight.LookAsync(plan, open, open.Alerts, null, cancellationToken) : null;
        var known = facts is null ? [] : IncidentDecision.Decide(plan.Incidents, facts).Rules.Select(each => each.Override).OfType<string>().ToList();
        return facts is null || known.Contains(rule, StringComparer.Ordinal)
            ? await opinions.AddAsync(open, kind, rule, by, reason, cancellationToken)
            : throw new RecoveryException(
                "RuleUnknown", $"rule: '{rule}', expected one of {string.Join(", ", known)}.", isTransient: false, "See 'dr verdict'.");
    }

    /// <summary>Starts the incident's run and closes the incident with it.</summary>
    public async Task StartAsync(string workload, string incidentId, IRunScheduler scheduler, CancellationToken cancellationToken)
    {
        var incident = await incidents.ReadAsync(workload, incidentId, cancellationToken);
        var plan = await plans.ReadAsync(workload, incident.PlanVersion, cancellationToken);
        var request = new RunRequest(
            $"{incidentId}-{plan.Incidents.Runbook}",
            workload,
            plan.Incidents.Runbook,
            RunMode.Unplanned,
            incident.PlanVersion,
            CallerIdentity.System($"incident {incidentId}"),
            incident.Verdict is { } verdict ? string.Join("; ", verdict.Rules.Select(rule => $"{rule.Name}: {rule.Found}")) : "",
            incident.DetectedAt,
            incidentId);
        var start = await new RunStarts(locks, states, plans, scheduler).StartAsync(request, cancellationToken);
        var (outcome, runId) = start switch
        {
            RunStart.Started started => ($"started {started.Run.RunId}", started.Run.RunId),
            RunStart.RunActive active => ($"{active.RunId} was active already", active.RunId),
            RunStart.AlreadyThere there => ($"{there.Region} carries the workload already", (string?)null),
            RunStart.UnknownRunbook unknown => ($"the plan has no runbook '{unknown.Name}'", null),
            _ => throw new InvalidOperationException($"Unknown start {start}."),
        };
        await incidents.CloseAsync(workload, incidentId, outcome, runId, cancellationToken);
    }

    /// <summary>Closes the incident without a run.</summary>
    public Task CloseAsync(string workload, string incidentId, string outcome, string? runId, CancellationToken cancellationToken) =>
        incidents.CloseAsync(workload, incidentId, outcome, runId, cancellationToken);
}

/// <summary>What an orchestrator needs to know of an incident.</summary>
/// <param name="IncidentId">Its id.</param>
/// <param name="DwellSeconds">How long the conditions must hold.</param>
/// <param name="Until">When it closes without a run.</param>
public sealed record IncidentOutline(string IncidentId, double DwellSeconds, DateTimeOffset Until)
{
    /// <summary>How long it waits for its conditions, in seconds; 0 in what versions before this one wrote.</summary>
    public double PatienceSeconds { get; init; }

    /// <summary>How long the last run still cools down, in seconds; patience begins after it.</summary>
    public double CalmSeconds { get; init; }
}

/// <summary>What an orchestrator needs to know of a look.</summary>
/// <param name="Decision">Start, wait or blocked.</param>
/// <param name="ConditionsHold">Whether the red and the green conditions held.</param>
/// <param name="Reason">What did not pass.</param>
/// <param name="ActiveRun">The run that was active, or null.</param>
/// <param name="WorthUntil">Until when it is worth waiting for people or a freeze's end; null when it is not for these.</param>
public sealed record Assessment(Decision Decision, bool ConditionsHold, string Reason, string? ActiveRun, DateTimeOffset? WorthUntil = null)
{
    /// <summary>The same from the look's end on, in seconds: whoever reads it may have another clock.</summary>
    public double? WorthSeconds { get; init; }
}

/// <summary>What would follow if an alert came now.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="PlanVersion">The plan it was judged by.</param>
/// <param name="Runbook">The runbook that would be started.</param>
/// <param name="At">When.</param>
/// <param name="Decision">Start (once the dwell has passed), wait or blocked.</param>
/// <param name="Reason">What does not pass.</param>
/// <param name="Rules">Every rule with its value, what was expected, and the name to override it by.</param>
/// <param name="Loss">What a failover now would lose.</param>
/// <param name="IncidentId">The open incident, or null.</param>
/// <param name="ActiveRun">The active run, or null.</param>
public sealed record VerdictPreview(
    string Workload,
    string PlanVersion,
    string Runbook,
    DateTimeOffset At,
    Decision Decision,
    string Reason,
    IReadOnlyList<Rule> Rules,
    LossView Loss,
    string? IncidentId,
    string? ActiveRun)
{
    /// <summary>Alerts that fired, were not taken back and were not answered by a run: they count without coming again.</summary>
    public IReadOnlyList<AlertState> Standing { get; init; } = [];
}

/// <summary>An estimated loss beside what is allowed.</summary>
/// <param name="LossSeconds">The most that any store would lose; null when it is not known.</param>
/// <param name="MaxLossSeconds">Above this a person must approve.</param>
/// <param name="RpoSeconds">The objective.</param>
/// <param name="Detail">Where the figure comes from.</param>
public sealed record LossView(double? LossSeconds, double MaxLossSeconds, double RpoSeconds, string Detail);
