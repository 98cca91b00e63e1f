using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.RestorePostgres;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.RestorePostgres;

public sealed class RestorePostgresTests
{
    private static readonly ResourceId s_source = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we");
    private static readonly ResourceId s_target = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-restored");
    private static readonly FlexibleServer s_server = new("Ready", ReplicationRole.None, "West Europe", null, null, MovableClock.Start.AddDays(-7));
    private readonly StepScene _scene = Scene();

    [Fact]
    public async Task Step_Restores_ToTheTimeBeforeTheLossAndMarksTheServer()
    {
        var end = await _scene.DriveAsync();

        Assert.Equal(["restore shop-restored elsewhere"], _scene.Effects);
        Assert.Equal((StepOutcome.Done, "2026-03-01T02:55:00.0000000+00:00"), (end.Outcome, end.Facts["restorePoint"]));
        Assert.Equal("shop-restored in northeurope shows shop-we at 2026-03-01 02:55:00Z and is Ready", end.Summary);
        Assert.Equal(s_source.Value, _scene.Azure.Servers[s_target].Tags["drfunctions-source"]);
    }

    [Fact]
    public async Task Step_InTheSourcesRegion_UsesItsOwnBackups()
    {
        _scene.Azure.Servers[s_source] = s_server with { Location = "northeurope" };

        await _scene.DriveAsync();

        Assert.Equal(["restore shop-restored here"], _scene.Effects);
    }

    [Fact]
    public async Task Step_RestoredByAnEarlierRun_IsRecognisedWithItsTime()
    {
        await _scene.DriveAsync();

        Assert.True((await _scene.CheckAsync()).IsOk);
        var again = await _scene.DriveAsync();

        Assert.Equal("2026-03-01T02:55:00.0000000+00:00", again.Facts["restorePoint"]);
        Assert.Single(_scene.Effects);
    }

    [Fact]
    public async Task Target_OfSomebodyElse_IsNeverTakenForTheRestoredOne()
    {
        _scene.Azure.Servers[s_target] = s_server;

        Assert.Equal("TargetTaken", (await _scene.CheckAsync()).Code);
        Assert.Equal((StepOutcome.Failed, "TargetTaken"), await OutcomeAsync());
        Assert.Empty(_scene.Effects);
    }

    [Theory]
    [InlineData(null, "has no backup yet")]
    [InlineData(-1, "can be restored from")]
    public async Task Check_TimeThatCannotBeRestored_Fails(int? earliestMinutes, string expected)
    {
        _scene.Azure.Servers[s_source] = s_server with { EarliestRestore = earliestMinutes is { } minutes ? MovableClock.Start.AddMinutes(minutes) : null };

        var check = await _scene.CheckAsync();

        Assert.Equal("NoBackup", check.Code);
        Assert.Contains(expected, check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_LeavesTheServer() => Assert.Equal(StepOutcome.Done, (await _scene.UndoAsync()).Outcome);

    [Fact]
    public void Kind_SourceIsTarget_IsRefused()
    {
        var values = new StepFieldValues(new Dictionary<string, object> { ["region"] = RegionRole.Secondary, ["source"] = s_source, ["target"] = s_source });

        StepKindCatalog.Find("restorePostgres")!.Build(values);

        Assert.Equal([("target", $"is '{s_source}', the source itself; expected the id of a server that does not exist yet.")], values.Mistakes);
    }

    private async Task<(StepOutcome, string?)> OutcomeAsync()
    {
        var end = await _scene.DriveAsync();
        return (end.Outcome, end.Code);
    }

    private static StepScene Scene() => new(new RestorePostgresStep("restore", TimeSpan.FromHours(2), RegionRole.Secondary, s_source, s_target, TimeSpan.FromMinutes(5)))
    {
        Azure = { Servers = { [s_source] = s_server } },
    };
}
