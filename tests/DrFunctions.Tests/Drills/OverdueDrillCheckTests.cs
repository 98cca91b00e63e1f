using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.App.Drills;

public sealed class OverdueDrillCheckTests
{
    private static readonly DateTimeOffset s_ten = new(2030, 3, 4, 10, 0, 0, TimeSpan.Zero);
    private readonly DrillLog _drills = new(new MemoryDocumentStore());

    [Theory]
    [InlineData("0 * * * *", 60, null)]
    [InlineData("0 * * * *", 120, null)]
    [InlineData("0 * * * *", 121, "the drill of 2030-03-04 11:00Z has not begun")]
    [InlineData("0 * * * *", 60 * 24 * 30, "the drill of 2030-03-04 11:00Z has not begun")]
    [InlineData("*/5 * * * *", 65, null)]
    [InlineData("*/5 * * * *", 66, "the drill of 2030-03-04 10:05Z has not begun")]
    [InlineData("0 10 * * *", 60 * 25, null)]
    [InlineData("0 10 * * *", (60 * 25) + 1, "the drill of 2030-03-05 10:00Z has not begun")]
    [InlineData("0 4 1 * *", 60 * 24 * 28, "the drill of 2030-04-01 04:00Z has not begun")]
    public async Task Check_MinutesAfterTheLastDrill_IsOverdueByItsOwnScheduleAndAnHour(string schedule, int minutes, string? found)
    {
        await KeepAsync(DrillState.Completed);

        var findings = await CheckAsync(schedule, minutes);

        Assert.Equal(found is null ? [] : [("DR-DRILL-004", found)], findings.Select(finding => (finding.Code, finding.Found)));
    }

    [Fact]
    public async Task Check_ADrillThatDoesNotEnd_KeepsTheNextOneFromBeginning()
    {
        await KeepAsync(DrillState.Running);

        var finding = Assert.Single(await CheckAsync("0 * * * *", 121));

        Assert.Equal("the drill of 2030-03-04 11:00Z has not begun: the one before it, shop-drill-1, has not ended", finding.Found);
    }

    [Fact]
    public async Task Check_AScheduleThatWasNotSeenYet_IsNotOverdue() => Assert.Empty(await CheckAsync("0 * * * *", 6000));

    private async Task KeepAsync(DrillState state) => Assert.True(await _drills.TryWriteAsync(
        "shop", new DrillRecord(1, "failover", s_ten, "shop-drill-1", "v1", state), null, default));

    private Task<IReadOnlyList<Finding>> CheckAsync(string schedule, int minutes)
    {
        var plan = APlan().Build() with { Drills = [new DrillPolicy("failover", schedule, TimeZoneInfo.Utc, [])] };
        return new OverdueDrillCheck(_drills).CheckAsync(new EvaluatedPlan(plan, "v1", WorkloadState.AtHome, s_ten.AddMinutes(minutes)), default);
    }
}
