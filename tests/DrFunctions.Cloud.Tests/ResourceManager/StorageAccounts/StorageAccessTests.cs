using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.StorageAccounts;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.StorageAccounts;

public sealed class StorageAccessTests : IAsyncLifetime
{
    private static readonly ResourceId s_account = OperationScene.Id("Microsoft.Storage/storageAccounts", "shopfiles");
    private OperationScene? _scene;

    private OperationScene Scene => _scene!; // InitializeAsync sets it.

    private StorageAccountsAdapter Accounts => new(Scene.Client);

    public async Task InitializeAsync() => _scene = await OperationScene.StartAsync();

    public async Task DisposeAsync() => await Scene.DisposeAsync();

    [Fact]
    public async Task Read_OfAnAccountThatSaysNothing_IsOpen() =>
        Assert.Equal(new StorageAccess("Enabled", true, 0), await Accounts.ReadAccessAsync(s_account, default));

    [Fact]
    public async Task Set_Closed_IsReadBackAndLeavesTheRestAsItWas()
    {
        var before = await Scene.ReadAsync(s_account, "2024-01-01");

        await Accounts.SetAccessAsync(s_account, StorageAccess.Closed, default);
        Assert.True((await Accounts.ReadAccessAsync(s_account, default))!.IsClosed);
        await Accounts.SetAccessAsync(s_account, new StorageAccess("Enabled", true, 0), default);

        var after = await Scene.ReadAsync(s_account, "2024-01-01");
        Assert.Equal(new StorageAccess("Enabled", true, 0), await Accounts.ReadAccessAsync(s_account, default));
        foreach (var name in (string[])["networkAcls", "minimumTlsVersion", "allowBlobPublicAccess", "accessTier"])
        {
            Assert.Equal(before["properties"]![name]?.ToJsonString(), after["properties"]![name]?.ToJsonString()); // An account has properties.
        }
    }

    [Fact]
    public async Task Set_WhileTheAccountFailsOver_IsPutOff()
    {
        await Accounts.FailOverAsync(s_account, planned: true, default);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Accounts.SetAccessAsync(s_account, StorageAccess.Closed, default));

        Assert.Equal(("ResourceBusy", true), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task Set_InALostRegion_IsRefusedAndNeverTakenForDone()
    {
        await Scene.Cloud.SetRegionDarkAsync(OperationScene.West, true);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Accounts.SetAccessAsync(s_account, StorageAccess.Closed, default));

        Assert.True(failure.IsTransient);
        Assert.False((await Accounts.ReadAccessAsync(s_account, default))!.IsClosed);
    }

    [Fact]
    public async Task Access_OfAnAccountThatIsNotThere_IsNullAndCannotBeSet()
    {
        var nobody = OperationScene.Id("Microsoft.Storage/storageAccounts", "nobody");

        Assert.Null(await Accounts.ReadAccessAsync(nobody, default));
        Assert.Equal("ResourceNotFound", (await Assert.ThrowsAsync<RecoveryException>(() => Accounts.SetAccessAsync(nobody, StorageAccess.Closed, default))).Code);
    }

    /// <summary>Private endpoints that wait for an approval may get it at any moment; only those that were refused do not count.</summary>
    [Fact]
    public async Task Read_PrivateEndpoints_CountsAllButTheRefused()
    {
        await using var fake = await FakeResourceManager.StartAsync();
        fake.Answer(200, """
            {"properties":{"publicNetworkAccess":"disabled","allowSharedKeyAccess":false,"privateEndpointConnections":[
            {"properties":{"privateLinkServiceConnectionState":{"status":"Approved"}}},
            {"properties":{"privateLinkServiceConnectionState":{"status":"Pending"}}},
            {"properties":{"privateLinkServiceConnectionState":{"status":"Rejected"}}}]}}
            """);
        using var client = new ResourceManagerClient(fake.Options, TimeProvider.System);

        var access = (await new StorageAccountsAdapter(client).ReadAccessAsync(s_account, default))!;

        Assert.Equal(new StorageAccess("disabled", false, 2), access);
        Assert.False(access.IsClosed);
        Assert.True((access with { PrivateEndpoints = 0 }).IsClosed);
    }
}
