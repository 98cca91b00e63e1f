using System.Text.Json;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.WebApps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>Gathers what a verdict is made from. Reads only, and changes nothing anywhere.</summary>
public sealed class IncidentSight(
    WorkloadLocks locks,
    WorkloadStates states,
    IncidentOpinions opinions,
    LagSampler lag,
    IOutsideProbe probe,
    IWebApps webApps,
    IStoreRestore restores,
    ITrafficManager traffic,
    TimeProvider time)
{
    private readonly StandbyApps _standbyApps = new(webApps, time);

    /// <summary>Looks at everything that the plan's policy asks for.</summary>
    /// <param name="plan">The plan to judge by.</param>
    /// <param name="incident">The open incident; null to look as if one were opened just now.</param>
    /// <param name="alerts">What the alerts say; null to look as if one had fired just now.</param>
    /// <param name="redSince">Since when the conditions have held at every look.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IncidentFacts> LookAsync(
        WorkloadPlan plan, IncidentRecord? incident, IReadOnlyList<AlertState>? alerts, DateTimeOffset? redSince, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        // Side by side: each may wait as long as the probe's timeout. One that fails is unknown, or not ready, by itself.
        // At once, as many as the policy asks for and the plan has stores.
        var vantages = Task.WhenAll(plan.Incidents.Asked.Select(vantage => LookFromAsync(vantage, plan, alerts, cancellationToken)));
        var standby = Task.WhenAll(Standby(plan, cancellationToken));
        var loss = lag.EstimateAsync(plan, cancellationToken);
        await Task.WhenAll(vantages, standby, loss);
        var held = await locks.ReadAsync(plan.Workload, cancellationToken);
        var state = await states.ReadAsync(plan.Workload, cancellationToken);

        // A drill leaves no cooldown, and yields to a loss while it runs.
        var last = held is { ReleasedAt: { } ended, Run.Mode: not RunMode.Drill }
            ? new LastRun(held.Run.RunId, ended, (await opinions.FindAcknowledgementAsync(plan.Workload, held.Run.RunId, cancellationToken))?.By.Name)
            : null;
        var now = time.GetUtcNow();
        return new IncidentFacts(
            now,
            await vantages,
            await standby,
            plan.HasUsersIn(RegionRole.Primary, state) || state.Arriving,
            held is { State: LockState.Held } && !Preemption.Yields(held.Run.Mode, RunMode.Unplanned) ? held.Run.RunId : null,
            last,
            await loss,
            plan.Incidents.MaxLoss ?? plan.Objectives.Rpo,
            redSince)
        {
            OpenedAt = incident?.OpenedAt ?? now,
            Decisions = incident is null ? [] : await opinions.ReadAsync(plan.Workload, incident.Id, cancellationToken),
            IsHypothetical = incident is null,
        };
    }

    private Task<VantageView> LookFromAsync(Vantage vantage, WorkloadPlan plan, IReadOnlyList<AlertState>? alerts, CancellationToken cancellationToken) =>
        GuardAsync(vantage, () => vantage switch
        {
            Vantage.AzureMonitor => Task.FromResult(OfAlerts(plan.Incidents, alerts)),
            Vantage.TrafficManager => OfTrafficManagerAsync(plan, cancellationToken),
            Vantage.ControlProbe => OfControlProbeAsync(plan, cancellationToken),
            Vantage.TcpProbe => OfTcpProbeAsync(plan, cancellationToken),
            _ => OfStandbyProbeAsync(plan, cancellationToken),
        });

    private static VantageView OfAlerts(IncidentPolicy policy, IReadOnlyList<AlertState>? alerts)
    {
        var azures = alerts?.Where(policy.IsAzures).ToList();
        var red = azures?.Where(alert => alert.IsRed).ToList();
        return red switch
        {
            null => new VantageView(Vantage.AzureMonitor, VantageFinding.Red, "an alert is assumed"),
            [var newest, ..] => new VantageView(Vantage.AzureMonitor, VantageFinding.Red, $"{red.Count} fired: {newest.Title}"),
            _ when azures is { Count: > 0 } => new VantageView(Vantage.AzureMonitor, VantageFinding.Green, "every alert was resolved"),
            _ when alerts!.Any(alert => alert.IsTraffic && alert.IsRed) => // none is the first case
                new VantageView(Vantage.AzureMonitor, VantageFinding.Unknown, "no alert fired but of Traffic Manager, which is asked itself"),
            _ => new VantageView(Vantage.AzureMonitor, VantageFinding.Unknown, "no alert fired"),
        };
    }

    private async Task<VantageView> OfTrafficManagerAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        var status = await ReadMonitorAsync(plan, RegionRole.Primary, cancellationToken);
        return new VantageView(Vantage.TrafficManager, VantageFindings.OfMonitor(status), $"{plan.Traffic.PrimaryEndpoint} is {status}");
    }

    private async Task<VantageView> OfControlProbeAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        var answer = await probe.GetAsync(plan.Primary.Health, plan.Incidents.ProbeTimeout, cancellationToken);
        return new VantageView(Vantage.ControlProbe, VantageFindings.Of(answer.Finding), answer.Summary);
    }

    private async Task<VantageView> OfTcpProbeAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Incidents.TcpProbe is not { } target)
        {
            return new VantageView(Vantage.TcpProbe, VantageFinding.Unknown, "the plan has no tcpProbe");
        }

        var answer = await probe.ConnectAsync(target, plan.Incidents.ProbeTimeout, cancellationToken);
        return new VantageView(Vantage.TcpProbe, VantageFindings.Of(answer.Finding), answer.Summary);
    }

    // What the standby answers with is {"primary":"healthy"} or {"primary":"dead"}: a failure of its own must not look like the primary's.
    private async Task<VantageView> OfStandbyProbeAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Incidents.StandbyProbe is not { } url)
        {
            return new VantageView(Vantage.StandbyProbe, VantageFinding.Unknown, "the plan has no standbyProbe");
        }

        var answer = await probe.GetAsync(url, plan.Incidents.ProbeTimeout, cancellationToken);
        var word = answer.IsHealthy ? Primary(answer.Body ?? "") : null;
        return word switch
        {
            "dead" => new VantageView(Vantage.StandbyProbe, VantageFinding.Red, "the standby sees it dead"),
            "healthy" => new VantageView(Vantage.StandbyProbe, VantageFinding.Green, "the standby sees it healthy"),
            _ => new VantageView(Vantage.StandbyProbe, VantageFinding.Unknown, answer.IsHealthy ? "its answer is not understood" : answer.Summary),
        };
    }

    private static string? Primary(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("primary", out var primary) && primary.ValueKind == JsonValueKind.String
                    ? primary.GetString()
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private IEnumerable<Task<StandbyCheck>> Standby(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        foreach (var condition in plan.Incidents.Green)
        {
            switch (condition)
            {
                case GreenCondition.StandbyApp:
                    yield return CheckAsync(condition.Name(), async () =>
                        await _standbyApps.ReadStateAsync(plan.Secondary.WebApp, cancellationToken) is { } state
                            ? (true, $"{plan.Secondary.WebApp.Name} is there, {state}")
                            : (false, $"{plan.Secondary.WebApp.Name} does not exist"));
                    break;
                case GreenCondition.StandbyHealth:
                    yield return CheckAsync(condition.Name(), async () =>
                    {
                        var answer = await probe.GetAsync(plan.Secondary.Health, plan.Incidents.ProbeTimeout, cancellationToken);
                        return (answer.IsHealthy, answer.Summary);
                    });
                    break;
                case GreenCondition.StandbyEndpoint:
                    yield return CheckAsync(condition.Name(), async () =>
                    {
                        var status = await ReadMonitorAsync(plan, RegionRole.Secondary, cancellationToken);
                        return (status.Equals("Online", StringComparison.OrdinalIgnoreCase), $"{plan.Traffic.SecondaryEndpoint} is {status}");
                    });
                    break;
                default:
                    foreach (var store in plan.Containers)
                    {
                        yield return CheckAsync($"{condition.Name()}.{store.Name}", () => FindPointAsync(plan, store, cancellationToken));
                    }

                    break;
            }
        }
    }

    private async Task<(bool Ready, string Detail)> FindPointAsync(WorkloadPlan plan, ContainerStore store, CancellationToken cancellationToken) =>
        await restores.FindNewestAsync(plan, store, RegionRole.Secondary, cancellationToken) switch
        {
            { Newest: { } point } choice => (true, $"{point.SnapshotId} of {point.At:u}{choice.Remark}"),
            { } none => (false, $"no complete snapshot in {plan.Secondary.Name}{none.Remark}"),
        };

    private async Task<string> ReadMonitorAsync(WorkloadPlan plan, RegionRole role, CancellationToken cancellationToken)
    {
        var name = plan.Traffic.EndpointOf(role);
        var profile = await traffic.ReadAsync(plan.Traffic.Profile, cancellationToken);
        return profile.Endpoints.FirstOrDefault(endpoint => endpoint.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.MonitorStatus
            ?? "no endpoint of the profile";
    }

    private static async Task<VantageView> GuardAsync(Vantage vantage, Func<Task<VantageView>> look)
    {
        try
        {
            return await look();
        }
        catch (RecoveryException exception)
        {
            return new VantageView(vantage, VantageFinding.Unknown, $"{exception.Code}: {exception.Message}");
        }
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
