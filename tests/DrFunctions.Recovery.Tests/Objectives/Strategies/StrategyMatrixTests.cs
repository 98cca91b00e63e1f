using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Objectives.Strategies;
using DrFunctions.Recovery.Workloads;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Objectives.Strategies;

public sealed class StrategyMatrixTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(1000);

    // Spans from a tick to a year, as many small ones as large ones.
    private static readonly Gen<TimeSpan> Span = Gen.Choose(0, 1_000_000).Select(share =>
        TimeSpan.FromTicks(Math.Max(1, (long)Math.Pow(RecoveryObjectives.Longest.Ticks, share / 1_000_000.0))));

    private static readonly Gen<RecoveryObjectives> Any = from rpo in Span from rto in Span select new RecoveryObjectives(rpo, rto);

    [Theory]
    [InlineData("1.00:00:00", "1.00:00:00", Strategy.BackupOnly, CostClass.Storage)]
    [InlineData("01:00:00", "1.00:00:00", Strategy.BackupOnly, CostClass.Storage)]
    [InlineData("01:00:00", "23:59:59", Strategy.Cold, CostClass.Minimal)]
    [InlineData("00:15:00", "04:00:00", Strategy.Cold, CostClass.Minimal)]
    [InlineData("00:15:00", "01:00:00", Strategy.Warm, CostClass.Reduced)] // the sample
    [InlineData("00:05:00", "7.00:00:00", Strategy.Warm, CostClass.Reduced)]
    [InlineData("00:15:00", "00:05:00", Strategy.HotStandby, CostClass.Full)]
    [InlineData("00:01:00", "00:01:00", Strategy.HotStandby, CostClass.Full)]
    [InlineData("00:00:05", "00:00:15", Strategy.ActiveActive, CostClass.FullMerged)]
    [InlineData("1.00:00:00", "00:00:59", Strategy.ActiveActive, CostClass.FullMerged)]
    public void Advise_IsTheCheapestThatReachesBoth(string rpo, string rto, Strategy strategy, CostClass cost)
    {
        var advice = StrategyMatrix.Advise(Of(rpo, rto));

        Assert.Equal((strategy, cost, true), (advice.Reach.Strategy, advice.Reach.Cost, advice.IsReached));
    }

    [Fact]
    public void Advise_SaysWhyNothingCheaperWillDo() => Assert.Equal(
        [
            "backup-only: RTO 5 m is under 1 d, because everything is built and restored after the loss; RPO 15 m is under 1 h, because data is as old as the last copied backup.",
            "cold: RTO 5 m is under 4 h, because templates are deployed and data is restored after the loss.",
            "warm: RTO 5 m is under 15 m, because what is deployed must be started, scaled and filled first.",
        ],
        StrategyMatrix.Advise(Of("00:15:00", "00:05:00")).Reasons);

    [Fact]
    public void Advise_WhatNothingReaches_IsTheDearestAndSaysSo()
    {
        var advice = StrategyMatrix.Advise(Of("00:00:01", "00:00:15"));

        Assert.Equal((Strategy.ActiveActive, false), (advice.Reach.Strategy, advice.IsReached));
        Assert.Equal("active-active: RPO 1 s is under 5 s, because writes reach the other region within seconds.", advice.Reasons[^1]);
    }

    [Fact]
    public void Advise_StricterObjectives_NeverGiveACheaperStrategy() => Prop.ForAll(Any.ToArbitrary(), Any.ToArbitrary(), (one, other) =>
    {
        var stricter = new RecoveryObjectives(Min(one.Rpo, other.Rpo), Min(one.Rto, other.Rto));
        var (loose, strict) = (StrategyMatrix.Advise(one), StrategyMatrix.Advise(stricter));
        return strict.Reach.Cost >= loose.Reach.Cost && (loose.IsReached || !strict.IsReached);
    }).Check(Quick);

    [Fact]
    public void Advise_EveryAnswer_ReachesWhatItSaysAndNothingCheaperDoes() => Prop.ForAll(Any.ToArbitrary(), objectives =>
    {
        var advice = StrategyMatrix.Advise(objectives);
        return advice.Reach.Reaches(objectives) == advice.IsReached
            && StrategyMatrix.Rows.TakeWhile(row => row != advice.Reach).All(row => !row.Reaches(objectives))
            && advice.Reasons.Count == StrategyMatrix.Rows.Count(row => row.Strategy < advice.Reach.Strategy) + (advice.IsReached ? 0 : 1);
    }).Check(Quick);

    [Fact]
    public void Rows_AreEveryStrategy_EachDearerAndFasterThanTheOneBefore()
    {
        Assert.Equal(Enum.GetValues<Strategy>(), StrategyMatrix.Rows.Select(row => row.Strategy));
        Assert.All(StrategyMatrix.Rows.Zip(StrategyMatrix.Rows.Skip(1)), pair =>
        {
            Assert.True(pair.First.Cost < pair.Second.Cost);
            Assert.True(pair.First.Rto > pair.Second.Rto);
            Assert.True(pair.First.Rpo > pair.Second.Rpo);
        });
    }

    [Theory]
    [InlineData("00:00:00", "01:00:00", "Rpo: 00:00:00, expected 00:00:00.0000001 to 365.00:00:00.")]
    [InlineData("01:00:00", "-00:00:01", "Rto: -00:00:01, expected 00:00:00.0000001 to 365.00:00:00.")]
    [InlineData("01:00:00", "365.00:00:01", "Rto: 365.00:00:01, expected 00:00:00.0000001 to 365.00:00:00.")]
    public void Advise_WhatIsNoObjective_IsRefusedByName(string rpo, string rto, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => StrategyMatrix.Advise(Of(rpo, rto)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static RecoveryObjectives Of(string rpo, string rto) => new(TimeSpan.Parse(rpo, null), TimeSpan.Parse(rto, null));
}
