using DrFunctions.App.Backups;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Retention;

public sealed class PruneStatusReaderTests
{
    private static readonly DateTimeOffset s_ten = new(2030, 3, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly PrunePlace s_west = new(new BlobContainer("WEST", "backups"), "westeurope");
    private static readonly PrunePlace s_north = new(new BlobContainer("NORTH", "backups"), "northeurope");
    private static readonly PruneInput s_job = new(new RepositoryPair(s_north.Container, s_west.Container), [s_west, s_north], s_ten, 1);
    private static readonly RetentionPolicy s_rules = new("0 10 * * *", TimeZoneInfo.Utc) { Last = 1 };

    [Theory]
    [InlineData("done", 1, ObjectiveVerdict.Met, "the prune 20300304T1000Z came to its end")]
    [InlineData("done", 48, ObjectiveVerdict.Met, "the prune 20300304T1000Z came to its end")]
    [InlineData("done", 49, ObjectiveVerdict.AtRisk, "the prune of 2030-03-05 10:00Z has not begun: a run or a restore test may have the workload")]
    [InlineData("failed", 1, ObjectiveVerdict.AtRisk, "northeurope: dark")]
    [InlineData("blocked", 1, ObjectiveVerdict.Breached, "northeurope: no pack was removed: why")]
    [InlineData("refused", 1, ObjectiveVerdict.Breached, "northeurope: the storage refuses to remove 'x'")]
    public void Judge_WhatTheLastPruneDid_IsSaid(string what, int hours, ObjectiveVerdict verdict, string detail)
    {
        var north = new PlacePruned(s_north, what == "failed" ? new BackupError("StorageUnavailable", "dark") : null)
        {
            Blocked = what == "blocked" ? ["why"] : [],
            Refused = what == "refused" ? ["'x'"] : [],
        };
        var record = new PruneRecord(1, s_job.Name, s_ten, s_ten.AddMinutes(1), [new PlacePruned(s_west), north]);

        var judged = PruneStatusReader.Judge(
            s_rules, new PruneState(1, s_ten, s_job, s_ten.AddMinutes(2)), [.. record.Places.Select(place => (record, place))], s_ten.AddHours(hours));

        Assert.Equal((verdict, detail), judged);
    }

    [Theory]
    [InlineData(24, ObjectiveVerdict.Unknown, "no prune has ended")]
    [InlineData(25, ObjectiveVerdict.AtRisk, "the prune 20300304T1000Z began more than a day ago and has not ended")]
    public void Judge_OneThatRuns_IsUnknownForADay(int hours, ObjectiveVerdict verdict, string detail) =>
        Assert.Equal((verdict, detail), PruneStatusReader.Judge(s_rules, new PruneState(1, s_ten, s_job), [], s_ten.AddHours(hours)));

    [Fact]
    public void Judge_NeverLooked_IsUnknown() => Assert.Equal((ObjectiveVerdict.Unknown, "no prune has ended"), PruneStatusReader.Judge(s_rules, null, [], s_ten));
}
