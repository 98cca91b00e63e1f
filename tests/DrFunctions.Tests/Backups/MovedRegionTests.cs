using DrFunctions.Backup;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Emulators;
using DrFunctions.Testing.Recovery;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.Backups;

/// <summary>A backup that hung while its region was dark, and ended when users were long elsewhere.</summary>
public sealed class MovedRegionTests : IAsyncLifetime
{
    private static readonly BackupInput Job = new("shop", "files", "20300101T0000Z", "v1");

    private readonly WorkloadPlan plan = Builders.APlan().Build();
    private readonly BackupEngine engine = new();
    private readonly WorkloadStates states = new(new MemoryDocumentStore());
    private readonly List<Azurite> accounts = [];
    private StoreLocations locations = null!; // Set before each test.
    private ShardActivities activities = null!; // Set before each test.

    public async Task InitializeAsync()
    {
        accounts.Add(await Azurite.StartAsync(new AzuriteOptions { InMemory = true }));
        accounts.Add(await Azurite.StartAsync(new AzuriteOptions { InMemory = true }));
        foreach (var account in accounts)
        {
            await account.ServiceClient().GetBlobContainerClient("files").CreateAsync();
            await account.ServiceClient().GetBlobContainerClient("backups").CreateAsync();
        }

        var connections = new BlobConnections(name =>
            (name == plan.ContainerNamed("files")!.Primary.Connection || name == plan.RepositoryIn(RegionRole.Primary).Connection ? accounts[0] : accounts[1]).ConnectionString); // the builder has it
        locations = new StoreLocations(
            connections,
            engine,
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Dr:RepositoryPassphrase"] = ARepository.Passphrase }).Build());
        await ARepository.MakeAsync(locations.Repository(plan.RepositoryIn(RegionRole.Primary)));
        var plans = new FakePlanSource(new Interception());
        plans.Apply(plan);
        var (log, slots) = (new BackupLog(new MemoryDocumentStore()), new BackupSlots(new ConfigurationBuilder().Build()));
        activities = new ShardActivities(log, plans, states, locations, slots, new FunctionTimeout(TimeSpan.FromMinutes(30)), TimeProvider.System);
        await accounts[0].ServiceClient().GetBlobContainerClient("files").UploadBlobAsync("a", BinaryData.FromString("old"));
        Assert.Null(await new BackupActivities(log, plans, states, engine, locations, slots, TimeProvider.System).BeginAsync(Job, default));
    }

    public async Task DisposeAsync()
    {
        foreach (var account in accounts)
        {
            await account.DisposeAsync();
        }
    }

    [Fact]
    public async Task Take_UsersAreThere_IsTheNewestOfTheirRegion()
    {
        Assert.Null(await TakeAsync());

        Assert.Equal("shop_files_20300101t0000z", (await NewestAsync(RegionRole.Primary))?.SnapshotId);
    }

    [Fact]
    public async Task Take_UsersLeftMeanwhile_FailsAndIsNeverBroughtHome()
    {
        await states.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-1"), default);

        var error = await TakeAsync();

        Assert.Equal(
            new BackupError("RegionMoved", "Users were moved from westeurope to northeurope by the run 'shop-1' before the backup of it was done: it shows nobody's data."),
            error);
        using var home = await locations.OpenAsync(plan.RepositoryIn(RegionRole.Primary), default);
        Assert.Equal("shop_files_20300101t0000z", (await engine.LatestAsync(home)).Snapshot?.Id);
        Assert.Null(await NewestAsync(RegionRole.Primary));
    }

    [Fact]
    public async Task FindNewest_UsersAreElsewhere_IsWhatWasTakenThere()
    {
        await states.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-1"), default);
        using var home = await locations.OpenAsync(plan.RepositoryIn(RegionRole.Primary), default);
        var store = plan.ContainerNamed("files")!; // the builder has it
        await engine.BackupAsync(locations.Source(store.Secondary), home, new SnapshotRequest("theirs", "shop", "files"));
        await engine.BackupAsync(locations.Source(store.Primary), home, new SnapshotRequest("late", "shop", "files"));

        Assert.Equal("theirs", (await NewestAsync(RegionRole.Primary))?.SnapshotId);
    }

    private async Task<BackupError?> TakeAsync()
    {
        var planned = await activities.PlanAsync(new ShardsInput(Job, null), default);
        Assert.Null((await activities.TakeAsync(new ShardInput(Job, Assert.Single(planned.Plan!.Shards)), default)).Taken!.Rest); // nothing has failed
        return await activities.CommitAsync(Job, default);
    }

    private async Task<DrFunctions.Recovery.Steps.RestorePoint?> NewestAsync(RegionRole region) =>
        (await new BlobStoreRestore(engine, locations, states).FindNewestAsync(plan, plan.ContainerNamed("files")!, region, default)).Newest; // the builder has it
}
