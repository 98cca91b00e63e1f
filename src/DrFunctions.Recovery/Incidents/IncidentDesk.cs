using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>What the activities of an incident do: open it, look, decide, start the run. Every method may run twice.</summary>
public sealed class IncidentDesk(
    IncidentLog incidents,
    IPlanSource plans,
    WorkloadLocks locks,
    WorkloadStates states,
    IOutsideProbe probe,
    IWebApps webApps,
    IStoreRestore restores,
    TimeProvider time)
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

        return new IncidentOutline(incident.Id, policy.Dwell.TotalSeconds, since + policy.Patience);
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
        var answer = await probe.GetAsync(plan.Primary.Health, plan.Incidents.ProbeTimeout, cancellationToken);
        var standby = await CheckStandbyAsync(plan, cancellationToken);
        var held = await locks.ReadAsync(workload, cancellationToken);
        var state = await states.ReadAsync(workload, cancellationToken);
        var facts = new IncidentFacts(
            time.GetUtcNow(),
            incident.Signals.Count,
            answer.Finding,
            answer.Summary,
            standby,
            state.Active == RegionRole.Primary || state.Arriving,
            held is { State: LockState.Held } ? held.Run.RunId : null,
            held?.ReleasedAt,
            redSince);
        var verdict = IncidentDecision.Decide(plan.Incidents, facts);
        await incidents.ChangeAsync(
            workload, incidentId, seen => seen with { Verdict = verdict, VerdictAt = facts.Now }, cancellationToken);
        return new Assessment(verdict.Decision, verdict.ConditionsHold, verdict.Reason, facts.ActiveRun);
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

    private async Task<IReadOnlyList<StandbyCheck>> CheckStandbyAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        var checks = new List<StandbyCheck>
        {
            await CheckAsync(
                "webApp",
                async () => await webApps.ReadStateAsync(plan.Secondary.WebApp, cancellationToken) is { } state
                    ? (true, $"{plan.Secondary.WebApp.Name} is there, {state}")
                    : (false, $"{plan.Secondary.WebApp.Name} does not exist")),
        };
        foreach (var store in plan.Stores)
        {
            checks.Add(await CheckAsync(
                $"restorePoint.{store.Name}",
                async () => await restores.FindNewestAsync(plan, store, RegionRole.Secondary, cancellationToken) switch
                {
                    { Newest: { } point } choice => (true, $"{point.SnapshotId} of {point.At:u}{choice.Remark}"),
                    { } none => (false, $"no complete snapshot in {plan.Secondary.Name}{none.Remark}"),
                }));
        }

        return checks;
    }

    // A standby that cannot be looked at is not ready; the reason is the finding.
    private static async Task<StandbyCheck> CheckAsync(string name, Func<Task<(bool Ready, string Detail)>> look)
    {
        try
        {
            var (ready, detail) = await look();
            return new StandbyCheck(name, ready, detail);
        }
        catch (RecoveryException exception)
        {
            return new StandbyCheck(name, false, $"{exception.Code}: {exception.Message}");
        }
    }
}

/// <summary>What an orchestrator needs to know of an incident.</summary>
/// <param name="IncidentId">Its id.</param>
/// <param name="DwellSeconds">How long the conditions must hold.</param>
/// <param name="Until">When it closes without a run.</param>
public sealed record IncidentOutline(string IncidentId, double DwellSeconds, DateTimeOffset Until);

/// <summary>What an orchestrator needs to know of a look.</summary>
/// <param name="Decision">Start, wait or blocked.</param>
/// <param name="ConditionsHold">Whether alert, red primary and green standby held.</param>
/// <param name="Reason">What did not pass.</param>
/// <param name="ActiveRun">The run that was active, or null.</param>
public sealed record Assessment(Decision Decision, bool ConditionsHold, string Reason, string? ActiveRun);
