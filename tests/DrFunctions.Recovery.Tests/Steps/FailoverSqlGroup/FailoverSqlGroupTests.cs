using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.FailoverSqlGroup;

public sealed class FailoverSqlGroupTests
{
    private static readonly ResourceId s_group = StepScene.Id("Microsoft.Sql/servers", "sql-ne/failoverGroups/shop");
    private static readonly SqlFailoverGroup s_secondary = new(false, "CATCH_UP", null, ["orders"]);

    [Theory]
    [InlineData(true, false, "planned")]
    [InlineData(true, true, "forced")]
    [InlineData(false, false, "forced")]
    public async Task Step_FailsOver_AsTheModeSaysUnlessTheRunIsForced(bool isPlanned, bool isForced, string expected)
    {
        var scene = Scene(isPlanned);
        scene.IsForced = isForced;

        var end = await scene.DriveAsync();

        Assert.Equal((StepOutcome.Done, "sql-ne is the primary of shop, with 1 databases; replication is 'CATCH_UP'"), (end.Outcome, end.Summary));
        Assert.Equal([$"fail shop over {expected}"], scene.Effects);
    }

    [Fact]
    public async Task Step_DoneAlready_SendsNothing()
    {
        var scene = Scene(true, s_secondary with { IsPrimary = true, ReplicationState = "SUSPENDED" });

        Assert.Equal(StepCheck.Ok("sql-ne is the primary of shop already"), await scene.CheckAsync());
        Assert.Equal(StepOutcome.Done, (await scene.DriveAsync()).Outcome);
        Assert.Empty(scene.Effects);
    }

    [Theory]
    [InlineData(true, false, "NotCaughtUp")]
    [InlineData(true, true, null)]
    [InlineData(false, false, null)]
    public async Task Check_SecondaryThatDoesNotFollow_FailsUnlessForced(bool isPlanned, bool isForced, string? code)
    {
        var scene = Scene(isPlanned, s_secondary with { ReplicationState = "SUSPENDED" });
        scene.IsForced = isForced;

        Assert.Equal(code, (await scene.CheckAsync()).Code);
    }

    [Fact]
    public async Task Group_Missing_Fails()
    {
        var scene = Scene(true);
        scene.Azure.Groups.Clear();

        Assert.Equal("GroupMissing", (await scene.CheckAsync()).Code);
        Assert.Equal("GroupMissing", (await scene.DriveAsync()).Code);
    }

    [Fact]
    public void Kind_Commands_AskTheServerThatBecomesThePrimary() => Assert.Equal(
        ["az sql failover-group set-primary --subscription '00000000-0000-0000-0000-000000000001' --resource-group 'shop' --server 'sql-ne' --name 'shop' --allow-data-loss"],
        StepKindCatalog.Of(Step(false)).AzCommands(Step(false), Builders.APlan().Build()));

    private static StepScene Scene(bool isPlanned, SqlFailoverGroup? group = null) => new(Step(isPlanned)) { Azure = { Groups = { [s_group] = group ?? s_secondary } } };

    private static FailoverSqlGroupStep Step(bool isPlanned) => new("sql", TimeSpan.FromMinutes(30), RegionRole.Secondary, s_group, isPlanned);
}
