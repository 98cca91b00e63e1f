using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Tests.Sections;

public sealed class StoresSectionTests
{
    private const string Group = "/subscriptions/s/resourceGroups/g/providers";
    private const string West = $"{Group}/Microsoft.DBforPostgreSQL/flexibleServers/west";
    private const string North = $"{Group}/Microsoft.DBforPostgreSQL/flexibleServers/north";
    private const string WestGroup = $"{Group}/Microsoft.Sql/servers/west/failoverGroups/ledger";
    private const string NorthGroup = $"{Group}/Microsoft.Sql/servers/north/failoverGroups/ledger";
    private const string Account = $"{Group}/Microsoft.Storage/storageAccounts/files";

    [Fact]
    public void Read_StoresOfEveryKind_AreThatKind()
    {
        var plan = Read(With(
            $"  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: stop-web-app }}",
            $"  - {{ name: ledger, sqlFailoverGroup: {{ primary: {WestGroup}, secondary: {NorthGroup} }}, fence: stop-web-app }}"));

        Assert.Collection(
            plan.Stores,
            store => Assert.IsType<ContainerStore>(store),
            store => Assert.Equal(new PostgresStore("orders", ResourceId.Parse(West), ResourceId.Parse(North), new StopWebAppFence()), store),
            store => Assert.Equal(new SqlGroupStore("ledger", ResourceId.Parse(WestGroup), ResourceId.Parse(NorthGroup), new StopWebAppFence()), store));
        Assert.Equal(["files"], plan.Containers.Select(store => store.Name));
        Assert.Null(plan.ContainerNamed("orders"));
    }

    [Fact]
    public void Read_AContainerWithItsAccount_HasItInThatRegion()
    {
        var plan = Read(Sample.With("container: files }", $"container: files, account: {Account} }}"));

        var store = plan.ContainerNamed("files")!; // the sample has it
        Assert.Equal(ResourceId.Parse(Account), store.AccountIn(RegionRole.Primary));
        Assert.Null(store.AccountIn(RegionRole.Secondary));
    }

    [Fact]
    public void Read_APlanOfDatabasesOnly_NeedsNoBackupsAndAsksForNoRestorePoint()
    {
        var plan = Read(OfDatabases());

        Assert.Empty(plan.Backups);
        Assert.Equal((null, null), (plan.Primary.Repository, plan.Secondary.Repository));
        Assert.Contains("northeurope", Assert.Throws<InvalidOperationException>(() => plan.RepositoryIn(RegionRole.Secondary)).Message, StringComparison.Ordinal);
        Assert.Equal([GreenCondition.StandbyApp], plan.Incidents.Green);
    }

    [Fact]
    public void Read_ARestorePointAskedForOfDatabases_IsRefused() => Assert.Equal(
        "green names restore-point, and the plan has no store with containers, which alone have restore points; expected other conditions.",
        Single(OfDatabases().Replace("  dwell: 30s", "  dwell: 30s\n  green: [restore-point]", StringComparison.Ordinal)).Message);

    [Fact]
    public void Read_RepositoriesOfDatabasesOnly_AreKept()
    {
        var plan = Read(OfDatabases(withRepositories: true));

        Assert.Equal(new BlobContainer("SHOP_NORTHEUROPE_STORAGE", "backups"), plan.RepositoryIn(RegionRole.Secondary));
    }

    [Theory]
    [InlineData("SHOP_WESTEUROPE_STORAGE", "primary")]
    [InlineData("SHOP_NORTHEUROPE_STORAGE", "secondary")]
    public void Read_AContainerWithoutARepository_IsRefused(string connection, string role) => Assert.Equal(
        ($"regions.{role}.repository", "repository is missing; 'region' needs it, because the plan has a store with containers."),
        Told(Single(Sample.Yaml.Replace($"    repository: {{ connection: {connection}, container: backups }}\n", "", StringComparison.Ordinal))));

    [Fact]
    public void Read_AContainerWithoutBackups_IsRefused()
    {
        var yaml = WithoutBackups(Sample.Yaml);

        Assert.Equal(("backups", "backups is missing; 'plan' needs it, because it has a store with containers."), Told(Single(yaml)));
    }

    [Theory]
    [InlineData("postgres: { primary: WEST, secondary: NORTH }, primary: { connection: A, container: abc }, secondary: { connection: B, container: abc }", "stores[1]",
        "stores[1] is both containers and postgres; expected one of: primary and secondary (containers), postgres, sqlFailoverGroup.")]
    [InlineData("", "stores[1]", "stores[1] does not say where the data lives; expected one of: primary and secondary (containers), postgres, sqlFailoverGroup.")]
    [InlineData("primary: { connection: A, container: abc }", "stores[1]", "stores[1] has no secondary; expected a container in both regions.")]
    [InlineData("postgres: { primary: WEST, secondary: WEST }", "stores[1].postgres.secondary", "secondary is the primary too, which is lost with its region; expected the secondary region's own.")]
    [InlineData("postgres: { primary: WEST }", "stores[1].postgres.secondary", "secondary is missing; 'postgres' needs it.")]
    [InlineData("postgres: { primary: ACCOUNT, secondary: NORTH }", "stores[1].postgres.primary",
        "primary is '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/fi…'; expected a resource id, /subscriptions/…/resourceGroups/…/providers/Microsoft.DBforPostgreSQL/flexibleServers/{name}.")]
    [InlineData("sqlFailoverGroup: { primary: WESTGROUP, secondary: NORTHGROUP2 }", "stores[1].sqlFailoverGroup",
        "sqlFailoverGroup names the groups 'ledger' and 'ledger2'; expected one name, which a failover group has on both servers.")]
    [InlineData("postgres: { primary: WEST, secondary: NORTH, lag: 5 }", "stores[1].postgres.lag", "lag is no key of 'postgres'; expected one of primary, secondary.")]
    [InlineData("primary: { connection: A, container: abc, account: ACCOUNT }, secondary: { connection: B, container: abc, account: ACCOUNT }", "stores[1].secondary",
        "secondary has the primary's account 'files', which is lost with its region; expected an account of the secondary region.")]
    [InlineData("primary: { connection: A, container: abc, account: WEST }, secondary: { connection: B, container: abc }", "stores[1].primary.account",
        "account is '/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforPostgreSQL/flexibleSe…'; expected a resource id, /subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/{name}.")]
    public void Read_AStoreWithOneMistake_IsTold(string places, string path, string message)
    {
        var yaml = With($"  - {{ name: orders, {Ids(places)}{(places.Length > 0 ? ", " : "")}fence: stop-web-app }}");

        Assert.Equal((path, message), Told(Single(yaml)));
    }

    [Fact]
    public void Read_MistakesInTwoKindsOfOneStore_AreAllTold()
    {
        var yaml = With("  - { name: orders, postgres: { primary: a }, sqlFailoverGroup: { secondary: b } }");

        Assert.Equal(
            [
                "fence is missing; 'store' needs it.",
                "stores[1] is both postgres and sqlFailoverGroup; expected one of: primary and secondary (containers), postgres, sqlFailoverGroup.",
                "secondary is missing; 'postgres' needs it.",
                "primary is 'a'; expected a resource id, /subscriptions/…/resourceGroups/…/providers/Microsoft.DBforPostgreSQL/flexibleServers/{name}.",
                "primary is missing; 'sqlFailoverGroup' needs it.",
                "secondary is 'b'; expected a resource id, /subscriptions/…/resourceGroups/…/providers/Microsoft.Sql/servers/{name}/failoverGroups/{name}.",
            ],
            PlanReader.Read(yaml).Mistakes.Select(mistake => mistake.Message));
    }

    [Fact]
    public void Read_OneDatabaseInTwoStores_IsRefused() => Assert.Equal(
        ("stores[2].postgres", "postgres names 'north', which is in store 'orders' already; expected each database in one store."),
        Told(Single(With(
            $"  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: stop-web-app }}",
            $"  - {{ name: more, postgres: {{ primary: {West}2, secondary: {North} }}, fence: stop-web-app }}"))));

    [Theory]
    [InlineData("restore: { store: files,", "restore: { store: orders,", "runbooks.failover[1].restore.store")]
    [InlineData("    store: files\n", "    store: orders\n", "backups[0].store")]
    public void Read_ABackupOrRestoreOfADatabase_IsRefused(string text, string replacement, string path)
    {
        var yaml = With($"  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: stop-web-app }}");
        yaml = yaml.Replace(text, replacement, StringComparison.Ordinal);

        Assert.Equal(
            (path, "store is 'orders', a database: its service replicates and keeps it, and backups and restores are of containers; expected files."),
            Told(Assert.Single(PlanReader.Read(yaml).Mistakes, mistake => mistake.Path == path)));
    }

    private static string OfDatabases(bool withRepositories = false)
    {
        var yaml = Sample.WithSteps("fence: { region: primary }", "startWebApp: { region: secondary }", "shiftTraffic: { to: secondary }", "prove: { region: secondary, timeout: 5m }");
        var (from, to) = (yaml.IndexOf("  - name: files", StringComparison.Ordinal), yaml.IndexOf("# When it is backed up", StringComparison.Ordinal));
        var beginning = withRepositories
            ? yaml[..from]
            : string.Concat(yaml[..from].Split('\n').Where(line => !line.StartsWith("    repository:", StringComparison.Ordinal)).Select(line => $"{line}\n"));
        return WithoutBackups($"{beginning}  - {{ name: orders, postgres: {{ primary: {West}, secondary: {North} }}, fence: stop-web-app }}\n\n{yaml[to..]}");
    }

    private static string WithoutBackups(string yaml) =>
        yaml[..yaml.IndexOf("backups:\n", StringComparison.Ordinal)] + yaml[yaml.IndexOf("# How users reach", StringComparison.Ordinal)..];

    private static string With(params string[] stores) =>
        Sample.With("    fence: stop-web-app\n", $"    fence: stop-web-app\n{string.Concat(stores.Select(store => $"{store}\n"))}");

    private static string Ids(string text) => text
        .Replace("WESTGROUP", WestGroup, StringComparison.Ordinal).Replace("NORTHGROUP", NorthGroup, StringComparison.Ordinal)
        .Replace("WEST", West, StringComparison.Ordinal).Replace("NORTH", North, StringComparison.Ordinal).Replace("ACCOUNT", Account, StringComparison.Ordinal);

    private static WorkloadPlan Read(string yaml)
    {
        var result = PlanReader.Read(yaml);
        Assert.Empty(result.Mistakes);
        return result.Plan!; // no mistakes
    }

    private static PlanMistake Single(string yaml) => Assert.Single(PlanReader.Read(yaml).Mistakes);

    private static (string Path, string Message) Told(PlanMistake mistake) => (mistake.Path, mistake.Message);
}
