using System.Globalization;
using System.Text;
using DrFunctions.Plans.Fields;
using DrFunctions.Plans.Sections;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Objectives.Impact;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.BackUp;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Probe;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Tests;

/// <summary>Writes a plan as YAML, with every optional key.</summary>
internal static class PlanWriter
{
    public static string Write(WorkloadPlan plan)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            workload: '{{plan.Workload}}'
            objectives: { rpo: {{Durations.Text(plan.Objectives.Rpo)}}, rto: {{Durations.Text(plan.Objectives.Rto)}} }
            strategy: {{Word(Choices.Strategies, plan.Strategy)}}
            {{(plan.Tier is { } tier ? $"tier: {Word(Choices.Tiers, tier)}" : "# no tier")}}
            {{(plan.Impact is { } impact ? Impact(impact) : "# no impact")}}
            regions:
              primary: {{Region(plan.Primary)}}
              secondary: {{Region(plan.Secondary)}}
            stores:

            """);
        foreach (var store in plan.Stores)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {{ name: '{store.Name}', {Places(store)}, fence: {Fence(store.Fence)} }}\n");
        }

        text.Append(plan.Backups.Count > 0 ? "backups:\n" : "");
        foreach (var backup in plan.Backups)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {{ name: '{backup.Name}', store: '{backup.Store}', schedule: '{backup.Schedule}', timeZone: '{backup.TimeZone.Id}', kind: {Word(Choices.BackupKinds, backup.Kind)}{(backup.Kind == BackupKind.Full ? "" : $", fullEvery: {Durations.Text(backup.FullEvery)}")}{RestoreTest(backup.RestoreTest)}{Retention(backup.Retention)} }}\n");
        }

        text.Append(plan.NotifyTopic is { } topic ? $"notify: {{ topic: {topic} }}\n" : "");
        text.Append("drills:\n");
        foreach (var drill in plan.Drills)
        {
            var blocked = drill.Blocked.Select(days => string.Create(CultureInfo.InvariantCulture, $"{{ from: {days.From:yyyy-MM-dd}, until: {days.Until:yyyy-MM-dd} }}"));
            text.Append(CultureInfo.InvariantCulture, $"- {{ runbook: '{drill.Runbook}', schedule: '{drill.Schedule}', timeZone: '{drill.TimeZone.Id}', blocked: [{string.Join(", ", blocked)}] }}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $$"""
            traffic:
              profile: {{plan.Traffic.Profile}}
              check: {{plan.Traffic.Check}}
              endpoints: { primary: {{plan.Traffic.PrimaryEndpoint}}, secondary: {{plan.Traffic.SecondaryEndpoint}} }
              nested: [{{string.Join(", ", plan.Traffic.Nested.Select(Nested))}}]
            alerts:
              resources: [{{string.Join(", ", plan.Incidents.Resources)}}]
              runbook: '{{plan.Incidents.Runbook}}'
              dwell: {{Durations.Text(plan.Incidents.Dwell)}}
              cooldown: {{Durations.Text(plan.Incidents.Cooldown)}}
              patience: {{Durations.Text(plan.Incidents.Patience)}}
              probeTimeout: {{Durations.Text(plan.Incidents.ProbeTimeout)}}
            {{StartRules(plan.Incidents)}}
            runbooks:

            """);
        foreach (var runbook in plan.Runbooks.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"  '{runbook.Name}':\n{string.Concat(runbook.Steps.Select(step => $"  - {Step(step)}\n"))}");
        }

        return text.ToString();
    }

    private static string RestoreTest(RestoreTestPolicy? test) =>
        test is null ? "" : $", restoreTest: {{ schedule: '{test.Schedule}', timeZone: '{test.TimeZone.Id}', window: {Durations.Text(test.Window)} }}";

    private static string Retention(RetentionPolicy? rules)
    {
        if (rules is null)
        {
            return "";
        }

        var counts = new[] { ("last", rules.Last), ("hourly", rules.Hourly), ("daily", rules.Daily), ("weekly", rules.Weekly), ("monthly", rules.Monthly), ("yearly", rules.Yearly) }
            .Where(count => count.Item2 > 0)
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Item1}: {count.Item2}, "));
        var within = rules.Within > TimeSpan.Zero ? $"within: {Durations.Text(rules.Within)}, " : "";
        return string.Create(
            CultureInfo.InvariantCulture, $", retention: {{ {string.Concat(counts)}{within}minimum: {rules.Minimum}, schedule: '{rules.Schedule}', timeZone: '{rules.TimeZone.Id}' }}");
    }

    private static string Step(RunbookStep step)
    {
        var rest = $"name: {step.Name}, timeout: {Durations.Text(step.Timeout)} }}";
        return step switch
        {
            FenceStep fence => $"fence: {{ region: {Choices.Word(fence.Region)}, {rest}",
            RestoreStep restore => $"restore: {{ region: {Choices.Word(restore.Region)}, store: '{restore.Store}', {rest}",
            BackUpStep backup => $"takeBackup: {{ region: {Choices.Word(backup.Region)}, store: '{backup.Store}', {rest}",
            ProbeStep { Region: { } region } probe => $"probe: {{ region: {Choices.Word(region)}, times: {probe.Times.ToString(CultureInfo.InvariantCulture)}, every: {Durations.Text(probe.Every)}, {rest}",
            StartWebAppStep start => $"startWebApp: {{ region: {Choices.Word(start.Region)}, {rest}",
            ShiftTrafficStep shift => $"shiftTraffic: {{ to: {Choices.Word(shift.To)}, {(shift.Nested is { } nested ? $"nested: {nested}, " : "")}{rest}",
            ProveStep prove => $"prove: {{ region: {Choices.Word(prove.Region)}, {rest}",
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "This kind of step is not written yet."),
        };
    }

    private static string Nested(NestedProfile nested) =>
        $"{{ name: '{nested.Name}', profile: {nested.Route.Profile}, endpoints: {{ primary: {nested.Route.PrimaryEndpoint}, secondary: {nested.Route.SecondaryEndpoint} }} }}";

    private static string StartRules(IncidentPolicy policy)
    {
        var lines = new List<string>
        {
            $"red: [{string.Join(", ", policy.Red.Select(vantage => vantage.Name()))}]",
            $"green: [{string.Join(", ", policy.Green.Select(condition => condition.Name()))}]",
            $"onUnknown: {(policy.OldestSample is { } oldest ? $"useSampleNotOlderThan {Durations.Text(oldest)}" : "wait")}",
            $"approval: {{ {string.Join(", ", Approval(policy.Approval))} }}",
        };
        if (policy.Quorum is { } quorum)
        {
            lines.Add(FormattableString.Invariant($"vantages: {{ atLeast: {quorum.AtLeast}, of: [{string.Join(", ", quorum.Of.Select(vantage => vantage.Name()))}] }}"));
        }

        if (policy.StandbyProbe is { } url)
        {
            lines.Add($"standbyProbe: '{url}'");
        }

        if (policy.TcpProbe is { } target)
        {
            lines.Add($"tcpProbe: {target.OriginalString}");
        }

        if (policy.MaxLoss is { } most)
        {
            lines.Add($"maxLoss: {Durations.Text(most)}");
        }

        if (policy.Freezes.Count > 0)
        {
            lines.Add($"freeze: [{string.Join(", ", policy.Freezes.Select(Freeze))}]");
        }

        return string.Join('\n', lines.Select(line => $"  {line}"));
    }

    private static IEnumerable<string> Approval(ApprovalPolicy approval)
    {
        yield return FormattableString.Invariant($"count: {approval.Count}, expires: {Durations.Text(approval.Expires)}");
        if (approval.From is { } from)
        {
            yield return $"from: {(from == TimeSpan.Zero ? "always" : Durations.Text(from))}";
        }

        if (approval.Approvers.Count > 0)
        {
            yield return $"approvers: [{string.Join(", ", approval.Approvers)}]";
        }
    }

    private static string Freeze(FreezeWindow window) => window switch
    {
        WeeklyFreeze weekly => FormattableString.Invariant(
            $"{{ name: {weekly.Name}, days: [{string.Join(", ", weekly.Days.Select(day => Word(FreezeSection.Days, day)))}], from: '{weekly.From:HH:mm}', to: '{weekly.To:HH:mm}', timeZone: {weekly.Zone.Id} }}"),
        DatedFreeze dated => FormattableString.Invariant(
            $"{{ name: {dated.Name}, from: '{dated.Begins:yyyy-MM-ddTHH:mm}', to: '{dated.Ends:yyyy-MM-ddTHH:mm}', timeZone: {dated.Zone.Id} }}"),
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "This kind of freeze is not written yet."),
    };

    private static string Impact(ImpactPlan impact) => string.Create(
        CultureInfo.InvariantCulture,
        $"impact: {{ downtimePerHour: {impact.Loss.DowntimePerHour}, dataLossPerHour: {impact.Loss.DataLossPerHour}, lossesPerYear: {impact.Loss.LossesPerYear}, standbyPerYear: {{ {string.Join(", ", impact.StandbyPerYear.Select(Cost))} }} }}");

    private static string Cost(KeyValuePair<Strategy, decimal> cost) =>
        string.Create(CultureInfo.InvariantCulture, $"{Word(Choices.Strategies, cost.Key)}: {cost.Value}");

    private static string Region(Region region) =>
        $"{{ name: {region.Name}, webApp: {region.WebApp}, health: '{region.Health}'{(region.Repository is { } repository ? $", repository: {Container(repository)}" : "")} }}";

    private static string Container(BlobContainer container) => $"{{ connection: {container.Connection}, container: '{container.Container}' }}";

    private static string Places(DataStore store) => store switch
    {
        ContainerStore container => $"primary: {Container(container.Primary, container.PrimaryAccount)}, secondary: {Container(container.Secondary, container.SecondaryAccount)}",
        PostgresStore postgres => $"postgres: {{ primary: {postgres.Primary}, secondary: {postgres.Secondary} }}",
        SqlGroupStore group => $"sqlFailoverGroup: {{ primary: {group.Primary}, secondary: {group.Secondary} }}",
        _ => throw new ArgumentOutOfRangeException(nameof(store), store, "This kind of store is not written yet."),
    };

    private static string Fence(StoreFence fence) => fence is WriteLeaseFence lease
        ? $"{{ kind: write-lease, connection: {lease.Place.Connection}, container: '{lease.Place.Container}', blob: '{lease.Blob}', ttl: {Durations.Text(lease.Ttl)}, margin: {Durations.Text(lease.Margin)} }}"
        : FenceCatalog.Of(fence).Name;

    private static string Container(BlobContainer container, ResourceId? account) =>
        account is { } id ? $"{{ connection: {container.Connection}, container: '{container.Container}', account: {id} }}" : Container(container);

    private static string Word<T>(IReadOnlyDictionary<string, T> choices, T choice)
        where T : struct, Enum => choices.Single(pair => pair.Value.Equals(choice)).Key;
}
