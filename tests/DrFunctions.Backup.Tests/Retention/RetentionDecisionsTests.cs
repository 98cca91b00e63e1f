using System.Globalization;
using DrFunctions.Backup.Retention;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Backup.Tests.Retention;

public sealed class RetentionDecisionsTests
{
    private static readonly DateTimeOffset Now = At("2026-03-01T12:00:00Z");

    [Fact]
    public void Decide_Daily_KeepsTheNewestOfEachDay()
    {
        var kept = Kept(
            new RetentionRules { Daily = 2 },
            Point("2026-03-01T11:00:00Z"), Point("2026-03-01T01:00:00Z"), Point("2026-02-27T23:59:59Z"), Point("2026-02-27T00:00:00Z"), Point("2026-02-26T12:00:00Z"));

        Assert.Equal(["2026-03-01T11:00:00Z", "2026-02-27T23:59:59Z"], kept);
    }

    /// <summary>The calendar is UTC's: what another zone calls the same day may be two.</summary>
    [Fact]
    public void Decide_RestorePointsInOtherZones_CountInUtc()
    {
        var decisions = Decide(
            new RetentionRules { Daily = 9 }, Point("2026-02-28T23:30:00-02:00"), Point("2026-03-01T00:30:00+01:00"), Point("2026-02-28T22:00:00Z"));

        Assert.Equal(
            ["the newest of 2026-03-01, 1 of 9 daily", "the newest of 2026-02-28, 2 of 9 daily", "no rule keeps it"],
            decisions.Select(decision => decision.Reasons[^1].Text));
    }

    [Theory]
    [InlineData("2026-01-04T12:00:00Z", "2026-W01")] // A Sunday.
    [InlineData("2026-01-05T00:00:00Z", "2026-W02")]
    [InlineData("2025-12-29T00:00:00Z", "2026-W01")] // A Monday of the year before.
    [InlineData("2021-01-03T23:59:59Z", "2020-W53")]
    public void Decide_Weekly_CountsWeeksOfIso8601(string at, string week) => Assert.Contains(
        $"the newest of {week}, 1 of 3 weekly", Assert.Single(Decide(new RetentionRules { Weekly = 3 }, Point(at))).Reasons.Select(reason => reason.Text));

    [Fact]
    public void Decide_SeveralRules_NamesAllThatKeep()
    {
        var decisions = Decide(
            new RetentionRules { Last = 1, Hourly = 2, Monthly = 2, Yearly = 2, Within = TimeSpan.FromDays(1), Minimum = 2 },
            Point("2026-03-01T11:30:00Z"), Point("2026-03-01T11:00:00Z"), Point("2026-02-01T00:00:00Z"), Point("2025-12-31T23:59:59Z"), Point("2025-12-31T23:59:58Z"));

        Assert.Equal(
            [
                [RetentionCause.Minimum, RetentionCause.Last, RetentionCause.Hourly, RetentionCause.Monthly, RetentionCause.Yearly, RetentionCause.Within],
                [RetentionCause.Minimum, RetentionCause.Within],
                [RetentionCause.Hourly, RetentionCause.Monthly],
                [RetentionCause.Yearly],
                [RetentionCause.NoRule],
            ],
            decisions.Select(decision => decision.Reasons.Select(reason => reason.Cause)));
        Assert.Equal([true, true, true, true, false], decisions.Select(decision => decision.IsKept));
    }

    /// <summary>A group whose backups stopped two years ago loses nothing by age.</summary>
    [Fact]
    public void Decide_Within_CountsFromTheNewest()
    {
        var kept = Kept(
            new RetentionRules { Within = TimeSpan.FromDays(7) }, Point("2024-01-10T00:00:00Z"), Point("2024-01-03T00:00:00Z"), Point("2024-01-02T23:59:59Z"));

        Assert.Equal(["2024-01-10T00:00:00Z", "2024-01-03T00:00:00Z"], kept);
    }

    [Fact]
    public void Decide_EachGroup_CountsForItself()
    {
        var one = Point("2026-03-01T10:00:00Z");
        var others = new[]
        {
            one with { Snapshot = one.Snapshot with { Id = "policy", Policy = "other" } },
            one with { Snapshot = one.Snapshot with { Id = "workload", Workload = "other" } },
            one with { Snapshot = one.Snapshot with { Id = "source", Source = "other" } },
        };

        Assert.All(Decide(new RetentionRules { Last = 1 }, [one, .. others]), decision => Assert.True(decision.IsKept));
    }

    [Fact]
    public void Decide_Scopes_TheFirstThatHasItDecides()
    {
        var candidates = new[] { Point("2026-03-01T10:00:00Z"), Point("2026-03-01T09:00:00Z"), Point("2026-03-01T08:00:00Z") };

        Assert.Equal(3, Count(new RetentionScope(new RetentionRules { Last = 1 }, Policy: "other")));
        Assert.Equal(2, Count(new RetentionScope(new RetentionRules { Last = 2 }, Workload: "shop", Policy: "files"), new RetentionScope(new RetentionRules { Last = 1 })));

        int Count(params RetentionScope[] scopes) =>
            RetentionDecisions.Decide(candidates, scopes, Ids(), Now, TimeSpan.Zero).Count(decision => decision.IsKept);
    }

    /// <summary>A writer whose clock is ahead, or who lies, takes nobody's place, and what it wrote is not lost silently.</summary>
    [Fact]
    public void Decide_FutureDated_CountsForNothingAndStays()
    {
        var future = Point("2027-01-01T00:00:00Z") with { WrittenAt = Now };

        var decisions = Decide(new RetentionRules { Last = 1 }, future, Point("2026-03-01T10:00:00Z"), Point("2026-03-01T09:00:00Z"));

        Assert.Equal([true, true, false], decisions.Select(decision => decision.IsKept));
        Assert.True(decisions[0].NeedsAPerson);
        Assert.Equal(
            "its restore point 2027-01-01 00:00:00Z is later than 2026-03-01 12:00:00Z, when it was written: look at it, and name it to remove it",
            Assert.Single(decisions[0].Reasons).Text);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    public void Decide_RestorePointAheadBySkew_IsNotFutureDated(int minutes, bool isFuture)
    {
        var at = At("2026-03-01T10:00:00Z");
        var one = Point("2026-03-01T10:00:00Z") with { WrittenAt = at - TimeSpan.FromMinutes(minutes) };

        var decision = Assert.Single(RetentionDecisions.Decide([one], [new RetentionScope(new RetentionRules { Last = 1 })], Ids(), Now, RetentionDecisions.DefaultSkew));

        Assert.Equal(isFuture, decision.NeedsAPerson);
    }

    [Fact]
    public void Decide_IncompleteOrSuddenlyEmpty_TakesNoPlaceAndIsNotLostEarly()
    {
        var broken = Point("2026-03-01T11:00:00Z", unread: 1);
        var empty = Point("2026-03-01T10:30:00Z", files: 0);

        var decisions = Decide(new RetentionRules { Last = 2 }, broken, empty, Point("2026-03-01T10:00:00Z"), Point("2026-03-01T09:00:00Z"), Point("2026-03-01T08:00:00Z"));

        Assert.Equal([true, true, true, true, false], decisions.Select(decision => decision.IsKept));
        Assert.Equal("1 of the last 2, counted with those that are not complete", decisions[0].Reasons[^1].Text);
    }

    /// <summary>A source that never can be read whole ages all the same.</summary>
    [Fact]
    public void Decide_OnlyIncompleteOnes_AreCountedAmongThemselves()
    {
        var kept = Kept(new RetentionRules { Last = 1 }, Point("2026-03-01T11:00:00Z", unread: 1), Point("2026-03-01T10:00:00Z", unread: 1));

        Assert.Equal(["2026-03-01T11:00:00Z"], kept);
    }

    [Fact]
    public void Decide_NamedByAPerson_GoesUnlessHeld()
    {
        var held = Point("2026-03-01T11:00:00Z") with { Hold = "legal hold by ann: case 7" };
        var other = Point("2026-03-01T10:00:00Z");

        var decisions = RetentionDecisions.Decide(
            [held, other], [new RetentionScope(new RetentionRules { Last = 9 })], Ids(held.Snapshot.Id, other.Snapshot.Id), Now, TimeSpan.Zero);

        Assert.Equal([true, false], decisions.Select(decision => decision.IsKept));
        Assert.Equal(["legal hold by ann: case 7", "a person named it"], decisions.Select(decision => Assert.Single(decision.Reasons).Text));
    }

    [Theory]
    [InlineData(-1, 0, 1, "last is -1; expected 0 to 100000")]
    [InlineData(0, 100_001, 1, "daily is 100001; expected 0 to 100000")]
    [InlineData(1, 0, 0, "minimum is 0; expected 1 to 100000")]
    [InlineData(0, 0, 1, "no rule keeps anything; expected at least one of last, hourly, daily, weekly, monthly, yearly and within")]
    public void Mistake_WrongRules_NamesFieldValueAndExpectation(int last, int daily, int minimum, string mistake)
    {
        var rules = new RetentionRules { Last = last, Daily = daily, Minimum = minimum };

        Assert.Equal(mistake, rules.Mistake);
        Assert.Throws<ArgumentException>(() => Decide(rules, Point("2026-03-01T11:00:00Z")));
    }

    /// <summary>
    /// Whatever the snapshots: the newest complete one stays, the order they come in is no matter, a second run on what is left removes nothing, and neither incomplete, empty nor
    /// future-dated snapshots change what becomes of the others.
    /// </summary>
    [Fact]
    public void Decide_AnySnapshots_KeepsItsPromises() => Prop.ForAll(Cases().ToArbitrary(), one =>
    {
        var decisions = Decide(one.Rules, [.. one.Candidates]);
        var kept = KeptIds(decisions);
        Assert.Equal(one.Candidates.Count, decisions.Count);
        Assert.Equal(kept, KeptIds(Decide(one.Rules, [.. Enumerable.Reverse(one.Candidates)])));

        var whole = one.Candidates.Where(item => IsWhole(item)).ToList();
        if (whole.Count > 0)
        {
            Assert.Contains(whole.OrderByDescending(item => item.Snapshot.RestorePoint).ThenByDescending(item => item.Snapshot.Id, StringComparer.Ordinal).First().Snapshot.Id, kept);
        }

        var left = one.Candidates.Where(item => kept.Contains(item.Snapshot.Id)).ToArray();
        Assert.Equal(kept, KeptIds(Decide(one.Rules, left)));
        Assert.Equal(kept.Intersect(whole.Select(item => item.Snapshot.Id)), KeptIds(Decide(one.Rules, [.. whole])));
        Assert.All(one.Candidates.Where(IsFuture), item => Assert.Contains(item.Snapshot.Id, kept));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Gen<(RetentionRules Rules, List<RetentionCandidate> Candidates)> Cases()
    {
        var count = Gen.Choose(0, 4);
        var rules =
            from counts in count.ArrayOf(6)
            from days in Gen.Choose(0, 20)
            from minimum in Gen.Choose(1, 3)
            select new RetentionRules
            {
                Last = counts[0] + 1,
                Hourly = counts[1],
                Daily = counts[2],
                Weekly = counts[3],
                Monthly = counts[4],
                Yearly = counts[5],
                Within = TimeSpan.FromDays(days),
                Minimum = minimum,
            };
        var candidate = Gen.Choose(0, 24 * 900).SelectMany(hours => Gen.Choose(0, 9).Select(kind => (hours, kind)));
        return rules.SelectMany(rule => candidate.ListOf().Select(list => (rule, list.Select((item, number) =>
        {
            var at = (Now - TimeSpan.FromHours(item.hours)).ToString("o", CultureInfo.InvariantCulture);
            var one = Point(at, unread: item.kind == 0 ? 1 : 0, files: item.kind == 1 ? 0 : 5);
            one = one with { Snapshot = one.Snapshot with { Id = $"id-{number:D4}" } };
            return item.kind == 2 ? one with { Snapshot = one.Snapshot with { RestorePoint = Now.AddDays(item.hours + 1) } } : one;
        }).ToList())));
    }

    private static bool IsWhole(RetentionCandidate one) => one.Snapshot.IsComplete && one.Snapshot.Files > 0 && !IsFuture(one);

    private static bool IsFuture(RetentionCandidate one) => one.Snapshot.RestorePoint > Now;

    private static List<string> KeptIds(IEnumerable<RetentionDecision> decisions) =>
        [.. decisions.Where(decision => decision.IsKept).Select(decision => decision.Snapshot.Id).Order(StringComparer.Ordinal)];

    private static string[] Kept(RetentionRules rules, params RetentionCandidate[] candidates) =>
        [.. Decide(rules, candidates).Where(decision => decision.IsKept).Select(decision => decision.Snapshot.Id)];

    /// <summary>What whoever prunes wants kept stays, counts as it would, and goes only when a person names it.</summary>
    [Fact]
    public void Decide_KeptByWhoeverPrunes_StaysUnlessNamed()
    {
        var candidates = new[]
        {
            Point("2026-03-01T11:00:00Z"), Point("2026-03-01T10:00:00Z") with { Kept = "the newest that both regions hold" }, Point("2026-03-01T09:00:00Z"),
        };

        var decisions = Decide(new RetentionRules { Last = 1 }, candidates);
        var named = RetentionDecisions.Decide(candidates, [new RetentionScope(new RetentionRules { Last = 1 })], Ids("2026-03-01T10:00:00Z"), Now, TimeSpan.Zero);

        Assert.Equal([true, true, false], decisions.Select(decision => decision.IsKept));
        Assert.Equal([new RetentionReason(RetentionCause.Kept, "the newest that both regions hold")], decisions[1].Reasons);
        Assert.Equal([true, false, false], named.Select(decision => decision.IsKept));
    }

    private static IReadOnlyList<RetentionDecision> Decide(RetentionRules rules, params RetentionCandidate[] candidates) =>
        RetentionDecisions.Decide(candidates, [new RetentionScope(rules)], Ids(), Now, TimeSpan.Zero);

    private static HashSet<string> Ids(params string[] ids) => [.. ids];

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static RetentionCandidate Point(string at, long files = 5, long unread = 0) => new(
        new Snapshot
        {
            Id = at,
            Workload = "shop",
            Policy = "files",
            Source = "memory",
            RestorePoint = At(at),
            CompletedAt = At(at),
            Files = files,
            Bytes = 1,
            Vanished = 0,
            Unread = unread,
        },
        At(at));
}
