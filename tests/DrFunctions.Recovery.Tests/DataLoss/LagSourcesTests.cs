using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Metrics;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.DataLoss;

/// <summary>What each source makes of what the service says. Unknown comes with its reason, and never with a time.</summary>
public sealed class LagSourcesTests
{
    private static readonly DateTimeOffset Now = MovableClock.Start;
    private static readonly ResourceId Account = Id("Microsoft.Storage/storageAccounts/files");
    private static readonly ResourceId West = Id("Microsoft.DBforPostgreSQL/flexibleServers/west");
    private static readonly ResourceId North = Id("Microsoft.DBforPostgreSQL/flexibleServers/north");
    private static readonly ResourceId Group = Id("Microsoft.Sql/servers/north/failoverGroups/ledger");
    private readonly RecoveryScene scene = new();
    private readonly FakeMetrics metrics = new();

    public static TheoryData<GeoAccount?, int?, string?> Accounts => new()
    {
        { Geo(new GeoCopy("Live", Now - TimeSpan.FromSeconds(90), true, true)), 90, null },
        { Geo(new GeoCopy("Unavailable", Now - TimeSpan.FromSeconds(900), true, false)), 900, null }, // the last word stays true
        { Geo(new GeoCopy("Bootstrap", null, false, false)), null, "the copy of the account 'files' is Bootstrap, and the service gave no last sync time" },
        { Geo(null), null, "the account 'files' is Standard_GRS, which has no copy in another region, or the service did not say" },
        { Geo(new GeoCopy("Live", Now, true, true)) with { IsFailingOver = true }, null, "the account 'files' is being failed over" },
        { null, null, "the account 'files' does not exist" },
    };

    public static TheoryData<FlexibleServer?, double?, int?, string?> Servers => new()
    {
        { Replica(West), 4, 64, null }, // the minute began a minute ago, and then the replica was 4 s behind
        { Replica(null), 4, 64, null },
        { Replica(West), 0, 60, null },
        { Replica(West), -1, null, "the metric of 'north' is -1, expected seconds" },
        { Replica(West), double.NaN, null, "the metric of 'north' is NaN, expected seconds" },
        { Replica(West), null, null, "Azure Monitor has no lag of 'north' in the last 30 minutes; its replication is Broken" },
        { Replica(North), 4, null, "the server 'north' follows 'north', expected 'west'" },
        { Replica(West) with { Role = ReplicationRole.Primary }, 4, null, "the server 'north' is no replica (Primary)" },
        { null, 4, null, "the server 'north' does not exist" },
    };

    public static TheoryData<SqlFailoverGroup?, string> Groups => new()
    {
        { new SqlFailoverGroup(false, "CATCH_UP", null, []), "the replication to 'north' is CATCH_UP, and the service does not say how far behind it is" },
        { new SqlFailoverGroup(false, "", null, []), "the service does not say how the replication to 'north' is doing" },
        { new SqlFailoverGroup(true, "CATCH_UP", null, []), "'north' is the primary of 'ledger' already" },
        { null, "the failover group 'ledger' does not exist on 'north'" },
    };

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task StorageSync_IsTheLastSyncTimeOrUnknown(GeoAccount? account, int? secondsAgo, string? trouble)
    {
        if (account is not null)
        {
            scene.Azure.Accounts[Account] = account;
        }

        var store = scene.Plan.ContainerNamed("files")! with { PrimaryAccount = Account }; // the builder has it
        AssertFound(secondsAgo, trouble, await new StorageSyncLag(scene.Azure).ReadAsync(scene.Plan, store, RegionRole.Secondary, default));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task PostgresReplication_IsTheReplicasOwnMetricOrUnknown(FlexibleServer? server, double? value, int? secondsAgo, string? trouble)
    {
        if (server is not null)
        {
            scene.Azure.Servers[North] = server;
        }

        if (value is { } lag)
        {
            metrics.Points[North] = new MetricPoint(Now - TimeSpan.FromSeconds(60), lag);
        }

        scene.Azure.Replications[North] = "Broken";
        AssertFound(secondsAgo, trouble, await Postgres().ReadAsync(scene.Plan, Orders, RegionRole.Secondary, default));
    }

    [Fact]
    public async Task PostgresReplication_AfterASwitchover_MeasuresTheOldPrimary()
    {
        scene.Azure.Servers[West] = Replica(North);
        metrics.Points[West] = new MetricPoint(Now - TimeSpan.FromSeconds(60), 3);

        AssertFound(63, null, await Postgres().ReadAsync(scene.Plan, Orders, RegionRole.Primary, default));
    }

    /// <summary>Promoted out of its replication, the new primary has no follower until somebody makes one: nothing is safe at home.</summary>
    [Fact]
    public async Task PostgresReplication_AfterAStandalonePromotion_IsUnknownUntilTheOldPrimaryIsAReplica()
    {
        scene.Azure.Servers[West] = Replica(null) with { Role = ReplicationRole.None };
        metrics.Points[West] = new MetricPoint(Now - TimeSpan.FromSeconds(60), 3);

        AssertFound(null, "the server 'west' is no replica (None)", await Postgres().ReadAsync(scene.Plan, Orders, RegionRole.Primary, default));
    }

    [Fact]
    public async Task StorageSync_TheCopyIsInTheOtherRegion_IsUnknown()
    {
        scene.Azure.Accounts[Account] = Geo(new GeoCopy("Live", Now, true, true));

        var store = scene.Plan.ContainerNamed("files")! with { PrimaryAccount = Account }; // the builder has it
        AssertFound(
            null,
            "the copy of the account 'files' is in northeurope, expected westeurope",
            await new StorageSyncLag(scene.Azure).ReadAsync(scene.Plan, store, RegionRole.Primary, default));
    }

    [Fact]
    public async Task Read_WhileUsersAreMoved_IsUnknownOfEveryStore()
    {
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "run") { Arriving = true }, default);

        var reading = Assert.Single(await scene.Sampler.ReadAsync(scene.Plan, default));

        Assert.Equal(new LagReading("files", "backup-copy", null, "users are being moved: it is not known where they write"), reading);
        Assert.Equal("files is unknown: users are being moved: it is not known where they write", (await scene.Sampler.RecallAsync(scene.Plan, default)).Detail);
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task SqlReplication_IsNeverAGuess(SqlFailoverGroup? group, string trouble)
    {
        if (group is not null)
        {
            scene.Azure.Groups[Group] = group;
        }

        var store = new SqlGroupStore("ledger", Id("Microsoft.Sql/servers/west/failoverGroups/ledger"), Group, new StopWebAppFence());
        AssertFound(null, trouble, await new SqlReplicationLag(scene.Azure).ReadAsync(scene.Plan, store, RegionRole.Secondary, default));
    }

    [Fact]
    public async Task Read_StoresOfEveryKind_LoseAsMuchAsTheWorst()
    {
        scene.Azure.Servers[North] = Replica(West);
        metrics.Points[North] = new MetricPoint(Now - TimeSpan.FromMinutes(2), 5);
        var plan = scene.Plan with { Stores = [.. scene.Plan.Stores, Orders] };
        var sampler = new LagSampler([scene.Lag, Postgres()], scene.History, scene.States, scene.Probe, scene.Traffic, scene.Clock);

        var loss = await sampler.EstimateAsync(plan, default);

        Assert.InRange(loss.Loss!.Value, TimeSpan.FromSeconds(125), TimeSpan.FromSeconds(126)); // the clock goes on a little
        Assert.Equal("orders", loss.Worst);
        Assert.Equal("files is safe until 2026-03-01 02:59:00Z (backup-copy); orders is safe until 2026-03-01 02:57:55Z (postgres-replication)", loss.Detail);

        metrics.IsSilent = true;
        loss = await sampler.EstimateAsync(plan, default);
        Assert.Null(loss.Loss);
        Assert.EndsWith("orders is unknown: ResourceManagerSilent: no answer", loss.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AStoreThatNothingMeasures_IsUnknown()
    {
        var plan = scene.Plan with { Stores = [Orders] };

        var sampler = new LagSampler([scene.Lag], scene.History, scene.States, scene.Probe, scene.Traffic, scene.Clock);

        var reading = Assert.Single(await sampler.ReadAsync(plan, default));

        Assert.Equal(new LagReading("orders", "postgres-replication", null, "nothing here measures it"), reading);
    }

    private static PostgresStore Orders => new("orders", West, North, new StopWebAppFence());

    private PostgresReplicationLag Postgres() => new(scene.Azure, metrics);

    private static void AssertFound(int? secondsAgo, string? trouble, LagFinding found) => Assert.Equal(
        (secondsAgo is { } seconds ? Now - TimeSpan.FromSeconds(seconds) : (DateTimeOffset?)null, trouble), (found.SafeUntil, found.Trouble));

    private static GeoAccount Geo(GeoCopy? copy) => new("Standard_GRS", "westeurope", "northeurope", false, null, copy);

    private static FlexibleServer Replica(ResourceId? source) => new("Ready", ReplicationRole.Replica, "northeurope", null, source, null);

    private static ResourceId Id(string rest) => ResourceId.Parse($"/subscriptions/s/resourceGroups/g/providers/{rest}");
}
