using DrFunctions.Cloud.ResourceManager.StorageAccounts;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.StorageAccounts;

public abstract class StorageAccountsAdapterTests(bool planned) : OperationConformance
{
    private static readonly ResourceId s_account = OperationScene.Id("Microsoft.Storage/storageAccounts", "shopfiles");

    private protected override (string Method, string Path) Begin => ("POST", "/storageAccounts/shopfiles/failover$");

    private protected override OperationWork Work => new()
    {
        What = "the failover of 'shopfiles'",
        ReadAsync = async stop => await Accounts.ReadAsync(s_account, stop) switch
        {
            { IsFailingOver: true } => OperationTarget.Changing("it is failing over"),
            { PrimaryLocation: OperationScene.North } => OperationTarget.Reached("it is in northeurope"),
            { Copy: { CanFailOver: false } or { CanFailOverPlanned: false } } => OperationTarget.Changing("it cannot be failed over now"),
            _ => OperationTarget.Open("it is in westeurope"),
        },
        BeginAsync = stop => Accounts.FailOverAsync(s_account, planned, stop),
        Settles = TimeSpan.FromSeconds(90),
    };

    private protected StorageAccountsAdapter Accounts => new(Scene.Client);

    [Fact]
    public async Task Read_Account_HasTheLossThatAFailoverWouldBring()
    {
        var account = (await Accounts.ReadAsync(s_account, default))!;

        Assert.Equal(
            new GeoAccount("Standard_RAGRS", OperationScene.West, OperationScene.North, false, null, new GeoCopy("Live", Scene.Time.GetUtcNow().AddSeconds(-60), true, true)),
            account);
    }

    [Fact]
    public async Task Read_ThePrimaryIsLost_ShowsTheLastSyncAndThatOnlyForceHelps()
    {
        var lost = Scene.Time.GetUtcNow();
        await Scene.Cloud.SetRegionDarkAsync(OperationScene.West, true);
        Scene.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(new GeoCopy("Unavailable", lost.AddSeconds(-60), true, false), (await Accounts.ReadAsync(s_account, default))!.Copy);
    }

    [Fact]
    public async Task FailOver_AnswerLostAndTheRequestSlow_IsNotSentAgainWhileItMayStillTakeEffect()
    {
        Scene.Cloud.AddFaults(new Simulator.Faults.Fault { On = Simulator.Faults.FaultTarget.ResourceManager, Kind = Simulator.Faults.FaultKind.Drop, Method = "POST", Count = 1 });

        await Scene.AttemptAsync(Work);
        Scene.Time.Advance(TimeSpan.FromSeconds(89));
        var waiting = await Scene.AttemptAsync(Work);

        Assert.Equal((StepOutcome.Again, "AnswerLost", TimeSpan.FromSeconds(1)), (waiting.Outcome, waiting.Code, waiting.After));
        Assert.Single(Begun());
        Scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("OperationRunning", (await Scene.AttemptAsync(Work)).Code);
    }

    [Fact]
    public async Task Read_Absent_IsNull() =>
        Assert.Null(await Accounts.ReadAsync(OperationScene.Id("Microsoft.Storage/storageAccounts", "absent"), default));
}

public sealed class PlannedStorageFailoverTests() : StorageAccountsAdapterTests(planned: true)
{
    [Fact]
    public async Task FailOver_Planned_KeepsItsCopy()
    {
        await Scene.DriveAsync(Work);

        var account = (await Accounts.ReadAsync(OperationScene.Id("Microsoft.Storage/storageAccounts", "shopfiles"), default))!;
        Assert.Equal(("Standard_RAGRS", OperationScene.North, OperationScene.West), (account.Redundancy, account.PrimaryLocation, account.SecondaryLocation));
        Assert.NotNull(account.LastFailover);
    }
}

public sealed class UnplannedStorageFailoverTests() : StorageAccountsAdapterTests(planned: false)
{
    [Fact]
    public async Task FailOver_Unplanned_LeavesItWithoutACopy()
    {
        await Scene.DriveAsync(Work);

        var account = (await Accounts.ReadAsync(OperationScene.Id("Microsoft.Storage/storageAccounts", "shopfiles"), default))!;
        Assert.Equal(("Standard_LRS", OperationScene.North, null, null), (account.Redundancy, account.PrimaryLocation, account.SecondaryLocation, account.Copy));
    }
}
