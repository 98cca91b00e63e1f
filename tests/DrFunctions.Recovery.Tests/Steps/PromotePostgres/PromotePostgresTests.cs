using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.PromotePostgres;

public sealed class PromotePostgresTests
{
    private static readonly ResourceId s_primary = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we");
    private static readonly ResourceId s_replica = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-ne");
    private static readonly FlexibleServer s_following = new("Ready", ReplicationRole.Replica, "North Europe", "shop-ne.example", s_primary, null);

    [Theory]
    [InlineData(PostgresPromotion.Planned, false, PostgresPromotion.Planned)]
    [InlineData(PostgresPromotion.Planned, true, PostgresPromotion.Forced)]
    [InlineData(PostgresPromotion.Switchover, false, PostgresPromotion.Switchover)]
    [InlineData(PostgresPromotion.Switchover, true, PostgresPromotion.ForcedSwitchover)]
    [InlineData(PostgresPromotion.Forced, false, PostgresPromotion.Forced)]
    public async Task Step_Promotes_AsTheModeSaysUnlessTheRunIsForced(PostgresPromotion mode, bool isForced, PostgresPromotion expected)
    {
        var scene = Scene(mode);
        scene.IsForced = isForced;

        var end = await scene.DriveAsync();

        Assert.Equal((StepOutcome.Done, "shop-ne in North Europe takes writes (role Primary)"), (end.Outcome, end.Summary));
        Assert.Equal([$"promote shop-ne {expected}"], scene.Effects);
        Assert.Equal(("shop-ne.example", PromotePostgresStepKind.Word(expected)), (end.Facts["host"], end.Facts["mode"]));
    }

    [Fact]
    public async Task Step_PromotedAlready_SendsNothingAndSaysSo()
    {
        var scene = Scene(PostgresPromotion.Planned, s_following with { Role = ReplicationRole.None });

        Assert.Equal(StepCheck.Ok("shop-ne is no replica (role None): it counts as promoted already, and the step would do nothing"), await scene.CheckAsync());
        Assert.Equal(StepOutcome.Done, (await scene.DriveAsync()).Outcome);
        Assert.Empty(scene.Effects);
    }

    [Theory]
    [InlineData("Updating", ReplicationRole.Replica)]
    [InlineData("Ready", ReplicationRole.Unknown)]
    [InlineData("Updating", ReplicationRole.Primary)]
    public async Task Step_ServerThatDoesNotTell_IsWaitedForAndNeverTakenForDone(string state, ReplicationRole role)
    {
        var scene = Scene(PostgresPromotion.Forced, s_following with { State = state, Role = role });

        var end = await scene.DriveAsync();

        Assert.Equal((StepOutcome.Again, "ResourceChanging"), (end.Outcome, end.Code));
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Check_SwitchoverWithoutItsReader_Fails()
    {
        var scene = Scene(PostgresPromotion.Switchover);
        scene.Azure.Readers.Clear();

        Assert.Equal("ReaderElsewhere", (await scene.CheckAsync()).Code);
    }

    [Theory]
    [InlineData(false, "ReplicationBroken")]
    [InlineData(true, null)]
    public async Task Check_BrokenReplication_FailsUnlessForced(bool isForced, string? code)
    {
        var scene = Scene(PostgresPromotion.Planned);
        scene.Azure.Replications[s_replica] = "Broken";
        scene.IsForced = isForced;

        Assert.Equal(code, (await scene.CheckAsync()).Code);
    }

    [Fact]
    public async Task Check_ServerOfAnotherRegion_Fails()
    {
        var check = await Scene(PostgresPromotion.Forced, s_following with { Location = "westeurope" }).CheckAsync();

        Assert.Equal(("ServerElsewhere", "shop-ne is in westeurope, expected northeurope."), (check.Code, check.Message));
    }

    [Fact]
    public async Task Server_Missing_Fails()
    {
        var scene = Scene(PostgresPromotion.Forced);
        scene.Azure.Servers.Clear();

        Assert.Equal("ServerMissing", (await scene.CheckAsync()).Code);
        Assert.Equal("ServerMissing", (await scene.DriveAsync()).Code);
    }

    [Fact]
    public async Task Undo_Promotion_IsRefused() => Assert.Equal("Irreversible", (await Scene(PostgresPromotion.Forced).UndoAsync()).Code);

    [Fact]
    public void Kind_Commands_DoTheSame() => Assert.Equal(
        [$"az postgres flexible-server replica promote --ids '{s_replica}' --promote-mode switchover --promote-option forced --yes"],
        StepKindCatalog.Of(Step(PostgresPromotion.ForcedSwitchover)).AzCommands(Step(PostgresPromotion.ForcedSwitchover), Builders.APlan().Build()));

    private static StepScene Scene(PostgresPromotion mode, FlexibleServer? server = null) => new(Step(mode))
    {
        Azure = { Servers = { [s_replica] = server ?? s_following }, Readers = { "SHOP-NE" }, Replications = { [s_replica] = "Active" } },
    };

    private static PromotePostgresStep Step(PostgresPromotion mode) => new("promote", TimeSpan.FromMinutes(20), RegionRole.Secondary, s_replica, mode);
}
