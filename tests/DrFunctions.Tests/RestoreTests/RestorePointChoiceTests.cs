using DrFunctions.Backup;

namespace DrFunctions.App.RestoreTests;

public sealed class RestorePointChoiceTests
{
    private static readonly DateTimeOffset s_noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    [Fact]
    public void Of_Nothing_IsNothing() => Assert.Empty(RestorePointChoice.Of([], s_noon, s_day, "seed"));

    [Fact]
    public void Of_One_IsItForEachReason()
    {
        var chosen = Assert.Single(RestorePointChoice.Of([At(-1)], s_noon, s_day, "seed"));

        Assert.Equal([RestorePointPick.Newest, RestorePointPick.Random, RestorePointPick.Oldest], chosen.Picks);
    }

    [Fact]
    public void Of_OnesOutsideTheWindowOnly_DrawsNone()
    {
        var chosen = RestorePointChoice.Of([At(-50), At(-24), At(1)], s_noon, s_day, "seed");

        Assert.Equal([("1", RestorePointPick.Newest), ("-50", RestorePointPick.Oldest)], chosen.Select(one => (one.Snapshot.Id, one.Picks.Single())));
    }

    [Fact]
    public void Of_TheSameOccurrence_DrawsTheSameWhateverComesAfterItAndInWhateverOrder()
    {
        Snapshot[] seen = [.. Enumerable.Range(-20, 20).Select(At)];
        var drawn = Drawn(seen, "seed");

        Assert.Equal(drawn, Drawn([.. seen.Reverse(), At(1), At(2)], "seed"));
        Assert.True(Enumerable.Range(0, 50).Select(seed => Drawn(seen, $"seed {seed}")).Distinct().Count() > 10);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(100, 1 << 20, 1)]
    [InlineData(100, 16L << 20 << 10, 4)] // 16 GiB at 16 MiB/s in pieces of 300 s, and a second for the files.
    [InlineData(120_000, 0, 4)]
    [InlineData(long.MaxValue, long.MaxValue, 1000)]
    public void Count_OfParts_FollowsFilesAndBytes(long files, long bytes, int expected) =>
        Assert.Equal(expected, RestoreTestParts.Count(files, bytes, TimeSpan.FromMinutes(5)));

    [Fact]
    public void Of_EveryPath_IsInOnePart()
    {
        var parts = Enumerable.Range(0, 1000).Select(number => RestoreTestParts.Of($"a/{number}", 7)).ToHashSet();

        Assert.Equal(Enumerable.Range(0, 7), parts.Order());
    }

    private static string Drawn(IReadOnlyList<Snapshot> snapshots, string seed) =>
        RestorePointChoice.Of(snapshots, s_noon, s_day, seed).Single(one => one.Picks.Contains(RestorePointPick.Random)).Snapshot.Id;

    private static Snapshot At(int hours) => new()
    {
        Id = hours.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Workload = "shop",
        Policy = "files",
        Source = "here",
        RestorePoint = s_noon.AddHours(hours),
        CompletedAt = s_noon.AddHours(hours),
        Files = 1,
        Bytes = 1,
        Vanished = 0,
        Unread = 0,
    };
}
