using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads which alerts concern the workload.</summary>
internal static class AlertsSection
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IncidentPolicy? Read(Field? field, RunbooksSection runbooks, StoresSection stores)
    {
        var fields = field?.Map(PlanKeys.Alerts);
        if (fields is null)
        {
            return null;
        }

        var resources = ReadResources(fields["resources"]);
        var runbook = UniqueNames.Refer(fields["runbook"], "runbook", runbooks.Names);
        if (runbook is not null && FailbackRules.IsFailback(runbooks.Runbooks[runbook]))
        {
            // What an alert says of the primary cannot say that the primary is well.
            fields["runbook"]?.Report($"is '{runbook}', which sends users back to the primary; expected a runbook that sends them to the secondary: a failback is never automatic.");
        }

        var standard = new IncidentPolicy { Resources = resources, Runbook = runbook ?? string.Empty };
        var policy = standard with
        {
            Dwell = fields["dwell"]?.Duration(TimeSpan.Zero, Day) ?? standard.Dwell,
            Cooldown = fields["cooldown"]?.Duration(TimeSpan.Zero, TimeSpan.FromDays(7)) ?? standard.Cooldown,
            Patience = fields["patience"]?.Duration(TimeSpan.FromSeconds(1), Day) ?? standard.Patience,
            ProbeTimeout = fields["probeTimeout"]?.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)) ?? standard.ProbeTimeout,
        };
        policy = StartRules.Read(fields, policy, stores);
        if (policy.NeedsAlert && policy.Asked.Contains(Vantage.TrafficManager) && resources.Count > 0 && resources.All(AlertStates.IsTraffic))
        {
            fields["resources"]?.Report(
                "names Traffic Manager profiles alone, whose alerts are the word of traffic-manager and not of azure-monitor, and the rules ask both; expected a resource of the primary, too.");
        }

        if (policy.Patience <= policy.Dwell)
        {
            (fields["patience"] ?? fields["dwell"])?.Report(
                $"leaves an incident {Durations.Text(policy.Patience)}, and its conditions must hold for {Durations.Text(policy.Dwell)} (dwell); expected patience to be longer than dwell.");
        }

        return policy;
    }

    private static List<ResourceId> ReadResources(Field? field)
    {
        var lines = new Dictionary<ResourceId, int>();
        foreach (var item in field?.List() ?? [])
        {
            if (item.Resource() is { } id && !lines.TryAdd(id, item.At.Line))
            {
                item.Report($"is listed in line {lines[id]} already; expected each resource once.");
            }
        }

        return [.. lines.Keys];
    }
}
