using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Fences.CloseStorage;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Fences.StopPostgres;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Tests.Sections;

public sealed class FenceSectionTests
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers";
    private const string West = $"{Group}/Microsoft.DBforPostgreSQL/flexibleServers/west";
    private const string North = $"{Group}/Microsoft.DBforPostgreSQL/flexibleServers/north";
    private const string WestGroup = $"{Group}/Microsoft.Sql/servers/west/failoverGroups/ledger";
    private const string NorthGroup = $"{Group}/Microsoft.Sql/servers/north/failoverGroups/ledger";
    private const string Account = $"{Group}/Microsoft.Storage/storageAccounts";
    private const string Lease = "{ kind: write-lease, connection: THIRD, container: leases, blob: shop/writers.json, ttl: 30s }";

    public static TheoryData<string> Kinds => [.. FenceCatalog.All.Select(kind => kind.Name)];

    [Fact]
    public void Read_EveryKind_IsThatFence()
    {
        var result = PlanReader.Read(WithStores(
            Files("close-storage"),
            $"  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: {{ kind: stop-postgres }} }}",
            $"  - {{ name: ledger, sqlFailoverGroup: {{ primary: {WestGroup}, secondary: {NorthGroup} }}, fence: failover-group }}",
            $"  - {{ name: books, postgres: {{ primary: {West}2, secondary: {North}2 }}, fence: {Lease} }}"));

        Assert.Empty(result.Mistakes);
        Assert.Equal(
            [
                new CloseStorageFence(), new StopPostgresFence(), new FailoverGroupFence(),
                new WriteLeaseFence(new BlobContainer("THIRD", "leases"), "shop/writers.json", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)),
            ],
            result.Plan!.Stores.Select(store => store.Fence)); // There is no mistake.
    }

    [Theory]
    [InlineData("~", "fence is empty; expected one of close-storage, failover-group, stop-postgres, stop-web-app, write-lease")]
    [InlineData("write-lease", "fence is 'write-lease'; expected a map: { kind: write-lease, connection: …, container: …, blob: …, ttl: … }.")]
    [InlineData("{ connection: THIRD }", "fence has no kind; expected kind: close-storage or failover-group or stop-postgres or stop-web-app or write-lease.")]
    [InlineData("{ kind: stop-web-apps }", "kind is 'stop-web-apps'; did you mean 'stop-web-app'?")]
    [InlineData("{ kind: stop-web-app, ttl: 30s }", "ttl is no key of 'fence-stop-web-app'; expected kind.")]
    [InlineData("{ kind: write-lease, connection: THIRD, container: leases, blob: ../x, ttl: 30s }", "blob is '../x'; expected a blob's name of letters, digits and ._/-.")]
    [InlineData("{ kind: write-lease, connection: THIRD, container: leases, blob: a, ttl: 1s }", "ttl is '1s'; expected 5s to 5m.")]
    [InlineData("{ kind: write-lease, connection: SHOP_WESTEUROPE_STORAGE, container: leases, blob: a, ttl: 30s }", "fence keeps its record at SHOP_WESTEUROPE_STORAGE, which is lost with the primary region; expected an account of another region.")]
    [InlineData("stop-postgres", "fence is stop-postgres, which stops a PostgreSQL server, and the store is none; expected another kind.")]
    [InlineData("failover-group", "fence is failover-group, which only a SQL failover group keeps, and the store is none; expected another kind.")]
    [InlineData("close-storage", "fence is close-storage, and the store does not name its accounts; expected account, a resource id, in primary and secondary.")]
    public void Read_FenceThatDoesNotFitItsStore_IsRefused(string fence, string message) =>
        Assert.StartsWith(message, Sample.OnlyMistake(Sample.With("fence: stop-web-app", $"fence: {fence}")).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_ADatabaseWithTheFenceOfAnother_IsRefused(string kind)
    {
        var fence = kind == "write-lease" ? Lease : kind;
        var mistakes = PlanReader.Read(WithStores(
            Files("stop-web-app"),
            $"  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: {fence} }}",
            $"  - {{ name: ledger, sqlFailoverGroup: {{ primary: {WestGroup}, secondary: {NorthGroup} }}, fence: {fence} }}")).Mistakes;

        Assert.Equal(
            kind switch
            {
                "stop-postgres" => ["stores[2].fence"],
                "failover-group" => ["stores[1].fence"],
                "close-storage" => ["stores[1].fence", "stores[2].fence"],
                _ => [],
            },
            mistakes.Select(mistake => mistake.Path));
    }

    [Theory]
    [InlineData("stop-postgres", "promotePostgres", "mode: planned", "promotePostgres has mode planned, which needs 'west' running, and the fence of 'orders' before it stops that; expected mode: forced, or another fence.")]
    [InlineData("stop-postgres", "promotePostgres", "mode: switchover", "promotePostgres has mode switchover, which needs 'west' running, and the fence of 'orders' before it stops that; expected mode: forced, or another fence.")]
    [InlineData("stop-postgres", "promotePostgres", "mode: forced", null)]
    [InlineData("stop-web-app", "promotePostgres", "mode: planned", null)]
    [InlineData("failover-group", "failoverSqlGroup", "mode: forced", "failoverSqlGroup has mode forced, in which the old primary may go on writing unseen, and the fence of 'ledger' relies on a planned one; expected mode: planned, or another fence, such as stop-web-app.")]
    [InlineData("failover-group", "failoverSqlGroup", "mode: planned", null)]
    [InlineData("close-storage", "failoverStorage", "mode: planned", "failoverStorage fails over the account that the fence before it closed, and that is the same account in its other region; expected another fence of 'files', such as stop-web-app or write-lease.")]
    [InlineData("stop-web-app", "failoverStorage", "mode: planned", null)]
    public void Read_StepThatTheFenceBeforeItMakesImpossible_IsRefused(string fence, string kind, string mode, string? message)
    {
        var step = kind switch
        {
            "promotePostgres" => $"promotePostgres: {{ region: secondary, server: {North}, {mode} }}",
            "failoverSqlGroup" => $"failoverSqlGroup: {{ region: secondary, group: {NorthGroup}, {mode} }}",
            _ => $"failoverStorage: {{ region: secondary, account: {Account}/west, {mode} }}",
        };
        var yaml = WithStores(
            Files(fence == "close-storage" ? fence : "stop-web-app"),
            $"  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: {(fence == "stop-postgres" ? fence : "stop-web-app")} }}",
            $"  - {{ name: ledger, sqlFailoverGroup: {{ primary: {WestGroup}, secondary: {NorthGroup} }}, fence: {(fence == "failover-group" ? fence : "stop-web-app")} }}");
        yaml = yaml[..yaml.IndexOf("    - fence:", StringComparison.Ordinal)] + $"    - fence: {{ region: primary }}\n    - {step}\n";

        var mistakes = PlanReader.Read(yaml).Mistakes;

        Assert.Equal(message is null ? [] : [("runbooks.failover[1]." + kind, message)], mistakes.Select(mistake => (mistake.Path, mistake.Message)));
    }

    [Fact]
    public void Read_BackupOfAnAccountThatTheFenceClosed_IsRefused()
    {
        var yaml = WithStores(Files("close-storage"));
        yaml = yaml[..yaml.IndexOf("    - fence:", StringComparison.Ordinal)] + "    - fence: { region: primary }\n    - takeBackup: { store: files, region: primary }\n";

        Assert.Equal(
            "takeBackup reads 'files' from the account that the fence before it closed; expected another fence of the store, such as stop-web-app or write-lease.",
            Sample.OnlyMistake(yaml).Message);
    }

    [Fact]
    public void Read_FenceStepShorterThanItsLease_IsRefused()
    {
        var yaml = Sample.With("fence: stop-web-app", $"fence: {Lease}").Replace("fence: { region: primary }", "fence: { region: primary, timeout: 35s }", StringComparison.Ordinal);

        Assert.Equal(
            "fence has a timeout of 00:00:35, and the write-lease of 'files' takes 00:00:35; expected a longer timeout.", Sample.OnlyMistake(yaml).Message);
    }

    [Theory]
    [InlineData(34, "failover waits at least 35s by what its steps say, and users may wait 34s (objectives.rto); expected less.")]
    [InlineData(35, null)]
    public void Read_LeaseThatLastsLongerThanUsersMayWait_IsRefused(int rto, string? message)
    {
        // Two leases are waited for side by side.
        var yaml = WithStores(Files(Lease), $"  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: {Lease.Replace("writers.json, ttl: 30s", "orders.json, ttl: 20s", StringComparison.Ordinal)} }}")
            .Replace("rto: 1h", $"rto: {rto}s", StringComparison.Ordinal);

        Assert.Equal(message is null ? [] : [("runbooks.failover", message)], PlanReader.Read(yaml).Mistakes.Select(mistake => (mistake.Path, mistake.Message)));
    }

    [Fact]
    public void Read_ClosedAccountsThatSettleLongerThanUsersMayWait_IsRefused() => Assert.Equal(
        "failover waits at least 1m by what its steps say, and users may wait 59s (objectives.rto); expected less.",
        Sample.OnlyMistake(WithStores(Files("close-storage")).Replace("rto: 1h", "rto: 59s", StringComparison.Ordinal)).Message);

    private static string Files(string fence) => $$"""
          - name: files
            primary: { connection: SHOP_WESTEUROPE_STORAGE, container: files, account: {{Account}}/west }
            secondary: { connection: SHOP_NORTHEUROPE_STORAGE, container: files, account: {{Account}}/north }
            fence: {{fence}}
        """;

    private static string WithStores(params string[] stores)
    {
        var (from, to) = (Sample.Yaml.IndexOf("  - name: files", StringComparison.Ordinal), Sample.Yaml.IndexOf("\n# When it is backed up", StringComparison.Ordinal));
        return string.Concat(Sample.Yaml.AsSpan(0, from), string.Join("\n", stores), "\n", Sample.Yaml.AsSpan(to));
    }
}
