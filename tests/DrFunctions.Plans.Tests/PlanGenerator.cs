using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.Fences.CloseStorage;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Fences.StopPostgres;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Objectives;
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
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Plans.Tests;

/// <summary>Valid plans.</summary>
internal static class PlanGenerator
{
    private static readonly Gen<string> Name =
        from first in Gen.Elements("abcxyz".ToCharArray())
        from rest in Gen.Elements("abz019-".ToCharArray()).ListOf()
        select new string([first, .. rest.Take(39)]);

    private static readonly Gen<TimeSpan> Duration = Gen.Elements("90s", "15m", "1h", "7d", "61s", "3601s").Select(text =>
        TimeSpan.FromSeconds(int.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture) * text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 86400 }));

    private static readonly Gen<decimal> Amount = Gen.Elements(0m, 0.1m, 12_000m, 0.000000001m, BusinessImpact.MostAmount);

    private static readonly Gen<ImpactPlan?> Impacts =
        from isStated in Gen.Elements(true, false)
        from downtime in Amount
        from dataLoss in Amount
        from losses in Gen.Elements(0m, 0.1m, 1000m)
        from strategies in Gen.SubListOf(Enum.GetValues<Strategy>())
        from cost in Amount
        select isStated ? new ImpactPlan(new BusinessImpact(downtime, dataLoss, losses), strategies.ToDictionary(strategy => strategy, _ => cost)) : null;

    private static readonly Gen<IncidentPolicy> Rules =
        from red in Gen.SubListOf(Enum.GetValues<Vantage>())
        from green in Gen.SubListOf(Enum.GetValues<GreenCondition>())
        from least in Gen.Choose(0, 3)
        from loss in Gen.Elements<int?>(null, 0, 90)
        from sample in Gen.Elements<int?>(null, 600)
        from count in Gen.Choose(1, 2)
        from wanted in Gen.Elements<int?>(null, 0, 61)
        from named in Gen.Elements(true, false)
        from zone in Gen.Elements("UTC", "Europe/Amsterdam")
        select new IncidentPolicy
        {
            Resources = [],
            Runbook = "",
            Red = red.Count > 0 ? [.. red] : [Vantage.ControlProbe],
            Green = green.Count > 0 ? [.. green] : [GreenCondition.StandbyApp],
            Quorum = least > 0 ? new VantageQuorum(least, [Vantage.AzureMonitor, Vantage.TrafficManager, Vantage.ControlProbe]) : null,
            StandbyProbe = red.Contains(Vantage.StandbyProbe) ? new Uri("https://north.example.org/peer") : null,
            TcpProbe = red.Contains(Vantage.TcpProbe) ? new Uri("tcp://west.example.org:5432") : null,
            MaxLoss = loss is { } l ? TimeSpan.FromSeconds(l) : null,
            OldestSample = sample is { } s ? TimeSpan.FromSeconds(s) : null,
            Approval = new ApprovalPolicy { Count = count, From = wanted is { } f ? TimeSpan.FromSeconds(f) : null, Approvers = named ? ["alice", "bob@example.org"] : [] },
            Freezes = named
                ?
                [
                    new WeeklyFreeze("nights", TimeZoneInfo.FindSystemTimeZoneById(zone), [DayOfWeek.Saturday, DayOfWeek.Sunday], new TimeOnly(22, 0), new TimeOnly(6, 0)),
                    new DatedFreeze("sale", TimeZoneInfo.FindSystemTimeZoneById(zone), new DateTime(2026, 11, 27, 0, 0, 0), new DateTime(2026, 11, 30, 0, 0, 0)),
                ]
                : [],
        };

    private static readonly Gen<RetentionPolicy?> Retentions =
        from isKept in Gen.Elements(true, false)
        from counts in Gen.Elements(0, 1, 30, RetentionPolicy.Most).ArrayOf(6)
        from hours in Gen.Elements(0, 1, 36, 87_600)
        from minimum in Gen.Elements(1, 3, RetentionPolicy.Most)
        from zone in Gen.Elements("UTC", "Europe/Amsterdam")
        select isKept ? null : new RetentionPolicy("0 */6 * * *", TimeZoneInfo.FindSystemTimeZoneById(zone))
        {
            Last = counts[0],
            Hourly = counts[1],
            Daily = counts[2],
            Weekly = counts[3],
            Monthly = counts[4],
            Yearly = counts[5] == 0 && hours == 0 && counts.All(count => count == 0) ? 1 : counts[5],
            Within = TimeSpan.FromHours(hours),
            Minimum = minimum,
        };

    public static Gen<WorkloadPlan> Plans { get; } =
        from workload in Name
        from rpo in Duration
        from rto in Duration.Where(rto => rto > TimeSpan.FromSeconds(100)) // The dwell, or a closed account and a soak, take that.
        from tier in Gen.Elements<WorkloadTier?>(null, WorkloadTier.Low, WorkloadTier.Medium, WorkloadTier.High)
        from impact in Impacts
        from strategy in Gen.Elements(Enum.GetValues<Strategy>())
        from hasContainers in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from stores in hasContainers ? Distinct(Name) : Gen.Constant(new List<string>())
        from databases in Distinct(Name)
        from backups in hasContainers ? Distinct(Name) : Gen.Constant(new List<string>())
        from hasRepositories in hasContainers ? Gen.Constant(true) : Gen.Elements(true, false)
        from zone in Gen.Elements("UTC", "Europe/Amsterdam", "America/Argentina/Buenos_Aires")
        from schedule in Gen.Elements("* * * * *", "*/1 9-17 * * MON-FRI")
        from runbooks in Distinct(Name)
        from dwell in Gen.Choose(0, 100)
        from rules in Rules
        from timeout in Duration.Where(timeout => timeout <= TimeSpan.FromDays(1))
        from target in Gen.Elements(Enum.GetValues<RegionRole>())
        from kind in Gen.Elements(Enum.GetValues<BackupKind>())
        from fullEvery in Gen.Choose(1, 365)
        from window in Gen.Elements<int?>(null, 1, 3650)
        from retention in Retentions
        select new WorkloadPlan
        {
            Workload = workload,
            Objectives = new RecoveryObjectives(rpo, rto),
            Tier = tier,
            Impact = impact,
            Strategy = strategy,
            Primary = RegionIn("westeurope", hasRepositories ? "WEST" : null),
            Secondary = RegionIn("northeurope", hasRepositories ? "NORTH" : null),
            Stores = [.. stores.Select(Container), .. databases.Except(stores, StringComparer.Ordinal).Select(Database)],
            Backups = [.. backups.Select((name, index) => new BackupPolicy(name, stores[index % stores.Count], schedule, TimeZoneInfo.FindSystemTimeZoneById(zone))
            {
                Kind = kind,
                FullEvery = kind == BackupKind.Full ? BackupPolicy.UsualFullEvery : TimeSpan.FromDays(fullEvery),
                RestoreTest = window is { } days ? new RestoreTestPolicy("0 3 * * SUN", TimeZoneInfo.FindSystemTimeZoneById(zone), TimeSpan.FromDays(days)) : null,
                Retention = retention,
            })],
            NotifyTopic = window is null ? null : "OPERATORS",
            Drills = [new DrillPolicy(runbooks[^1], "0 3 1 * *", TimeZoneInfo.FindSystemTimeZoneById(zone), [new BlockedDays(new DateOnly(2027, 12, 20), new DateOnly(2028, 1, 5))])],
            Traffic = new TrafficPlan(Id("Microsoft.Network/trafficManagerProfiles/shop"), new Uri("https://shop.example.org/"), "west", "north")
            {
                Nested = [new NestedProfile("europe", new TrafficRoute(Id("Microsoft.Network/trafficManagerProfiles/shop-europe"), "we", "ne"))],
            },
            Incidents = rules with
            {
                Resources = [Id("Microsoft.Web/sites/westeurope"), Id("Microsoft.Storage/storageAccounts/a/blobServices/default")],
                Runbook = runbooks[0],
                Dwell = TimeSpan.FromSeconds(dwell),
                Green = hasContainers || !rules.Green.Contains(GreenCondition.RestorePoint) ? rules.Green : [GreenCondition.StandbyHealth],
            },
            Runbooks = runbooks.ToDictionary(name => name, name => new Runbook(name, Steps(
                name == runbooks[0] || stores.Take(backups.Count).Where((_, index) => IsClosed(index)).Any() ? RegionRole.Secondary : target, stores.Take(backups.Count), timeout))),
        };

    private static DataStore Container(string name, int index) => new ContainerStore(name, new("WEST", $"s{index}-data"), new("NORTH", $"s{index}-data"), IsClosed(index) ? new CloseStorageFence() : new StopWebAppFence())
    {
        PrimaryAccount = index % 2 == 0 ? Id("Microsoft.Storage/storageAccounts/west") : null,
        SecondaryAccount = index % 2 == 0 ? Id("Microsoft.Storage/storageAccounts/north") : null,
    };

    // What users wrote behind such a fence cannot be backed up, and so not be brought home.
    private static bool IsClosed(int index) => index % 4 == 2;

    private static DataStore Database(string name, int index) => index % 2 == 0
        ? new PostgresStore(name, Id($"Microsoft.DBforPostgreSQL/flexibleServers/west{index}"), Id($"Microsoft.DBforPostgreSQL/flexibleServers/north{index}"), index % 4 == 0 ? new StopPostgresFence() : new WriteLeaseFence(new BlobContainer("THIRD", "leases"), $"shop/{name}.json", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(3)))
        : new SqlGroupStore(name, Id($"Microsoft.Sql/servers/west/failoverGroups/g{index}"), Id($"Microsoft.Sql/servers/north/failoverGroups/g{index}"), index % 4 == 1 ? new FailoverGroupFence() : new StopWebAppFence());

    private static Gen<List<string>> Distinct(Gen<string> names) =>
        names.NonEmptyListOf().Select(list => list.Distinct(StringComparer.Ordinal).Take(5).ToList());

    private static Region RegionIn(string name, string? setting) =>
        new(name, Id($"Microsoft.Web/sites/{name}"), new Uri($"http://{name}.example.org/health"), setting is null ? null : new(setting, "backups"));

    private static ResourceId Id(string rest) => ResourceId.Parse($"/subscriptions/s/resourceGroups/g/providers/{rest}");

    private static RunbookStep[] Steps(RegionRole target, IEnumerable<string> stores, TimeSpan timeout) =>
    [
        new FenceStep("fence", timeout, target == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary),
        .. stores.Where(_ => target == RegionRole.Primary).Select((store, index) => new BackUpStep($"takeBackup-{index}", timeout, store, RegionRole.Secondary)),
        .. stores.Select((store, index) => new RestoreStep($"restore-{index}", timeout, store, target)),
        new StartWebAppStep("startWebApp", timeout, target),
        new ProbeStep("probe", timeout, 3, TimeSpan.FromSeconds(5)) { Region = target },
        new ShiftTrafficStep("shiftTraffic", timeout, target),
        new ProveStep("prove", timeout, target),
    ];
}
