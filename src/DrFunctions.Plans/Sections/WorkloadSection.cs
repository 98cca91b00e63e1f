using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads the whole plan.</summary>
internal static class WorkloadSection
{
    public static WorkloadPlan? Read(Field root)
    {
        if (root.Map(PlanKeys.Plan) is not { } fields)
        {
            return null;
        }

        var workload = Names.Name(fields["workload"]);
        var objectives = ReadObjectives(fields["objectives"]);
        var tier = fields["tier"]?.OneOf(Choices.Tiers);
        var impact = ImpactSection.Read(fields["impact"]);
        var strategy = fields["strategy"]?.OneOf(Choices.Strategies);
        var regions = RegionsSection.Read(fields["regions"]);
        var stores = StoresSection.Read(fields["stores"], regions);
        var backups = BackupsSection.Read(fields["backups"], stores, objectives?.Rpo);
        if (stores.HasContainers)
        {
            regions.RequireRepositories();
            if (fields["backups"] is null)
            {
                fields.Report("backups", root.At, "backups is missing; 'plan' needs it, because it has a store with containers.");
            }
        }

        var traffic = TrafficSection.Read(fields["traffic"], regions);
        var hosts = HttpSection.Read(fields["http"]);
        var runbooks = RunbooksSection.Read(fields["runbooks"], stores, backups, strategy);
        var alerts = AlertsSection.Read(fields["alerts"], runbooks, stores);
        var topic = Names.Setting(fields["notify"]?.Map(PlanKeys.Notify)?["topic"]);
        var drills = DrillsSection.Read(fields["drills"], runbooks);
        if (workload is null || objectives is null || strategy is null || regions.Primary is null || regions.Secondary is null
            || traffic is null || alerts is null)
        {
            return null;
        }

        var plan = new WorkloadPlan
        {
            Workload = workload,
            Objectives = objectives,
            Tier = tier,
            Impact = impact,
            Strategy = strategy.Value,
            Primary = regions.Primary,
            Secondary = regions.Secondary,
            Stores = stores.Stores,
            Backups = backups.Policies,
            Traffic = traffic,
            Incidents = alerts,
            HttpHosts = hosts,
            Runbooks = runbooks.Runbooks,
            Drills = drills,
            NotifyTopic = topic,
        };
        runbooks.CheckAgainst(plan);
        if (plan.Incidents.Dwell >= plan.Objectives.Rto)
        {
            // Nothing starts before the dwell is over, so that every run would come too late.
            (fields["alerts"]?.Map()?["dwell"] ?? fields["alerts"])?.ReportRule(
                $"keeps a run from starting for {Durations.Text(plan.Incidents.Dwell)} (dwell), and users may wait {Durations.Text(plan.Objectives.Rto)} (objectives.rto); expected dwell to be less.");
        }

        return plan;
    }

    private static RecoveryObjectives? ReadObjectives(Field? field)
    {
        var fields = field?.Map(PlanKeys.Objectives);
        var rpo = fields?["rpo"]?.Duration(TimeSpan.FromSeconds(1), RecoveryObjectives.Longest);
        var rto = fields?["rto"]?.Duration(TimeSpan.FromSeconds(1), RecoveryObjectives.Longest);
        return rpo is null || rto is null ? null : new RecoveryObjectives(rpo.Value, rto.Value);
    }
}
