using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Workloads;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.DataLoss;

public sealed class LagBasesTests
{
    private static readonly ResourceId Account = ResourceId.Parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/files");
    private static readonly FenceStep Fence = new("fence", TimeSpan.FromMinutes(1), RegionRole.Primary);
    private static readonly RestoreStep Restore = new("restore", TimeSpan.FromMinutes(1), "files", RegionRole.Secondary);
    private static readonly FailoverStorageStep Fails = new("failoverStorage", TimeSpan.FromMinutes(1), RegionRole.Secondary, Account, IsPlanned: false);

    public static TheoryData<LagBasis, RunbookStep[], bool> Containers => new()
    {
        { LagBasis.BackupCopy, [Fence, Restore], true },
        { LagBasis.StorageSync, [Fence, Fails], true },
        { LagBasis.BackupCopy, [Fence, Fails], false }, // the plan does not say that the container is in that account
        { LagBasis.BackupCopy, [Fence, Fails with { Account = ResourceId.Parse($"{Account}2") }], true },
        { LagBasis.BackupCopy, [Fence, Fails, Restore], true }, // the backup overwrites what the account kept
        { LagBasis.BackupCopy, [Fence, Fails with { Region = RegionRole.Primary }], true },
        { LagBasis.BackupCopy, [Fence], true },
    };

    [Theory]
    [MemberData(nameof(Containers))]
    public void Of_AContainer_IsWhatTheAlertsRunbookBringsBack(LagBasis expected, RunbookStep[] steps, bool namesAccount)
    {
        var plan = APlan().WithRunbook("failover", steps).Build();
        var store = plan.ContainerNamed("files")! with { PrimaryAccount = namesAccount ? Account : null }; // the builder has it

        Assert.Equal(expected, LagBases.Of(plan, store, RegionRole.Secondary));
    }

    [Fact]
    public void Of_ADatabase_IsItsServicesReplication()
    {
        var plan = APlan().Build();

        Assert.Equal(LagBasis.PostgresReplication, LagBases.Of(plan, new PostgresStore("orders", Account, Account, new StopWebAppFence()), RegionRole.Primary));
        Assert.Equal(LagBasis.SqlReplication, LagBases.Of(plan, new SqlGroupStore("ledger", Account, Account, new StopWebAppFence()), RegionRole.Primary));
    }

    [Theory]
    [InlineData(LagBasis.BackupCopy, "backup-copy")]
    [InlineData(LagBasis.StorageSync, "storage-sync")]
    [InlineData(LagBasis.PostgresReplication, "postgres-replication")]
    [InlineData(LagBasis.SqlReplication, "sql-replication")]
    public void Name_OfEveryBasis_IsAWord(LagBasis basis, string name) => Assert.Equal(name, basis.Name());
}
