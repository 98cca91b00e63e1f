using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Tests.Estimates;

public sealed class StepTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(new[] { 5 }, 5)]
    [InlineData(new[] { 9, 1, 5 }, 5)]
    [InlineData(new[] { 100, 1, 4, 2 }, 3)]
    public void Of_IsTheMedian(int[] seconds, int expected)
    {
        var time = StepTimes.Of(seconds.Select((took, day) => Run(day, took)), "failover")["restore"];

        Assert.Equal(new MeasuredTime(TimeSpan.FromSeconds(expected), seconds.Length), time);
    }

    [Fact]
    public void Of_OnlyTheNewestCount() // ten of a minute after ten of an hour
    {
        var runs = Enumerable.Range(0, 20).Select(day => Run(day, day < 10 ? 3600 : 60)).Reverse();

        Assert.Equal(new MeasuredTime(TimeSpan.FromMinutes(1), 10), StepTimes.Of(runs, "failover")["restore"]);
    }

    [Theory]
    [InlineData(StepState.Checked)]
    [InlineData(StepState.Undone)]
    [InlineData(StepState.Skipped)]
    public void Of_ManyDrillsThatDidNotDoTheStep_TakeNoRealRunsPlace(StepState state)
    {
        var drills = Enumerable.Range(1, 30).Select(day => Run(day, 1)).Select(run => run with
        {
            Mode = RunMode.Drill,
            Steps = [run.Steps[0] with { State = state }],
        });

        Assert.Equal(new MeasuredTime(TimeSpan.FromMinutes(20), 1), StepTimes.Of([Run(0, 1200), .. drills], "failover")["restore"]);
    }

    [Fact]
    public void Of_WhatADrillDidForReal_Counts() => Assert.Equal(
        new MeasuredTime(TimeSpan.FromSeconds(7), 1), StepTimes.Of([Run(0, 7) with { Mode = RunMode.Drill }], "failover")["restore"]);

    [Theory]
    [InlineData(RunState.Failed)]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Cancelled)]
    public void Of_ARunThatDidNotComplete_CountsNot(RunState state) => Assert.Empty(StepTimes.Of([Run(0, 5) with { State = state }], "failover"));

    [Fact]
    public void Of_AnotherRunbook_CountsNot() => Assert.Empty(StepTimes.Of([Run(0, 5)], "failback"));

    private static RunView Run(int day, int seconds) => new()
    {
        RunId = $"shop-{day}",
        Workload = "shop",
        Runbook = "failover",
        Mode = RunMode.Unplanned,
        PlanVersion = "1",
        Epoch = 1,
        State = RunState.Completed,
        StartedBy = "test",
        Reason = "test",
        StartedAt = Start.AddDays(day),
        Steps = [new StepView(0, "restore", "restore", StepState.Completed, Start, Start.AddSeconds(seconds), null, null)],
        Objectives = new ObjectivesView(1, 1),
        Attained = new AttainedView(null, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Unknown, null, null),
    };
}
