using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.FailoverStorage;

public sealed class FailoverStorageTests
{
    private static readonly ResourceId s_account = StepScene.Id("Microsoft.Storage/storageAccounts", "shopfiles");
    private static readonly DateTimeOffset s_sync = MovableClock.Start.AddSeconds(-60);
    private static readonly GeoAccount s_live = new("Standard_GRS", "West Europe", "North Europe", false, null, new GeoCopy("Live", s_sync, true, true));

    [Theory]
    [InlineData(true, false, "planned", null)]
    [InlineData(true, true, "unplanned", "2026-03-01T02:59:00.0000000+00:00")]
    [InlineData(false, false, "unplanned", "2026-03-01T02:59:00.0000000+00:00")]
    public async Task Step_FailsOver_AndUnplannedKeepsTheLastSyncFromBefore(bool isPlanned, bool isForced, string expected, string? restorePoint)
    {
        var scene = Scene(isPlanned);
        scene.IsForced = isForced;

        var end = await scene.DriveAsync();

        Assert.Equal(StepOutcome.Done, end.Outcome);
        Assert.Equal([$"fail shopfiles over {expected}"], scene.Effects);
        Assert.Equal(restorePoint, end.Facts.GetValueOrDefault("restorePoint"));
    }

    [Fact]
    public async Task Step_LastSyncUnknown_HasNoRestorePoint()
    {
        var scene = Scene(false, s_live with { Copy = s_live.Copy! with { LastSync = null } });

        Assert.Contains("what an unplanned failover would lose is unknown", (await scene.CheckAsync()).Message, StringComparison.Ordinal);
        Assert.Empty((await scene.DriveAsync()).Facts);
    }

    [Fact]
    public async Task Check_Copy_SaysTheLossBesideTheObjective()
    {
        var check = await Scene(false).CheckAsync();

        Assert.Equal(StepCheck.Ok("shopfiles is copied to northeurope; an unplanned failover now would lose 60 s, the RPO is 900 s"), check);
    }

    [Fact]
    public async Task Step_DoneAlready_SendsNothingAndClaimsNoRestorePoint()
    {
        var scene = Scene(false, s_live with { PrimaryLocation = "northeurope", SecondaryLocation = null });

        Assert.True((await scene.CheckAsync()).IsOk);
        var end = await scene.DriveAsync();
        Assert.Equal(StepOutcome.Done, end.Outcome);
        Assert.Empty(end.Facts);
        Assert.Empty(scene.Effects);
    }

    [Theory]
    [InlineData(true, "FailoverNotPossible")]
    [InlineData(false, null)]
    public async Task Check_PrimaryLost_OnlyUnplannedIsPossible(bool isPlanned, string? code) =>
        Assert.Equal(code, (await Scene(isPlanned, s_live with { Copy = new GeoCopy("Unavailable", s_sync, true, false) }).CheckAsync()).Code);

    [Fact]
    public async Task Account_WithoutACopy_Fails()
    {
        var scene = Scene(false, s_live with { SecondaryLocation = null, Copy = null, Redundancy = "Standard_LRS" });

        Assert.Equal("NoCopy", (await scene.CheckAsync()).Code);
        Assert.Equal("NoCopy", (await scene.DriveAsync()).Code);
    }

    [Fact]
    public async Task Account_CopiedElsewhere_FailsItsCheck() => Assert.Equal("CopyElsewhere", (await Scene(false, s_live with { SecondaryLocation = "uksouth" }).CheckAsync()).Code);

    [Fact]
    public async Task Account_Missing_Fails()
    {
        var scene = Scene(false);
        scene.Azure.Accounts.Clear();

        Assert.Equal("AccountMissing", (await scene.CheckAsync()).Code);
        Assert.Equal("AccountMissing", (await scene.DriveAsync()).Code);
    }

    [Fact]
    public void Kind_Planned_SaysWhyItIsNotRepeated() => Assert.NotNull(StepKindCatalog.Of(Step(true)).WhyNotRepeatable(Step(true)));

    [Fact]
    public void Kind_Commands_LookBeforeTheyAct() => Assert.Equal(
        [
            $"az storage account show --ids '{s_account}' --expand geoReplicationStats --query geoReplicationStats",
            $"az storage account failover --ids '{s_account}' --failover-type Planned --yes",
        ],
        StepKindCatalog.Of(Step(true)).AzCommands(Step(true), Builders.APlan().Build()));

    private static StepScene Scene(bool isPlanned, GeoAccount? account = null) => new(Step(isPlanned)) { Azure = { Accounts = { [s_account] = account ?? s_live } } };

    private static FailoverStorageStep Step(bool isPlanned) => new("storage", TimeSpan.FromHours(1), RegionRole.Secondary, s_account, isPlanned);
}
