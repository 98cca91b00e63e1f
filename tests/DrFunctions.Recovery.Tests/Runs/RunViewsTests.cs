using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Tests.Journal;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class RunViewsTests
{
    [Fact]
    public void Of_EveryPrefix_ShowsWhatIsKnownAndNoMore()
    {
        StepState[][] states =
        [
            [StepState.Pending, StepState.Pending, StepState.Pending],
            [StepState.Running, StepState.Pending, StepState.Pending],
            [StepState.Completed, StepState.Pending, StepState.Pending],
            [StepState.Completed, StepState.Running, StepState.Pending],
            [StepState.Completed, StepState.Completed, StepState.Pending],
            [StepState.Completed, StepState.Completed, StepState.Running],
            [StepState.Completed, StepState.Completed, StepState.Completed],
            [StepState.Completed, StepState.Completed, StepState.Completed],
        ];
        var journal = Samples.Failover();
        for (var length = 1; length <= journal.Count; length++)
        {
            var run = RunViews.Of([.. journal.Take(length)]);

            Assert.Equal(states[length - 1], run.Steps.Select(step => step.State));
            Assert.Equal(length == 8 ? RunState.Completed : RunState.Running, run.State);
            Assert.Equal((length < 5 ? null : 80.0, length < 5 ? ObjectiveVerdict.Unknown : ObjectiveVerdict.Met), (run.Attained.RpoSeconds, run.Attained.Rpo));
            Assert.Equal((length < 7 ? null : 90.0, length < 7 ? ObjectiveVerdict.Unknown : ObjectiveVerdict.Met), (run.Attained.RtoSeconds, run.Attained.Rto));
        }
    }

    public static TheoryData<string, Dictionary<string, string?>, ObjectiveVerdict, double?, ObjectiveVerdict, double?> Attained => new()
    {
        { "tight", new() { ["rpoSeconds"] = "80", ["rtoSeconds"] = "90" }, ObjectiveVerdict.Met, 80, ObjectiveVerdict.Met, 90 },
        { "breached", new() { ["rpoSeconds"] = "79.9", ["rtoSeconds"] = "89.9" }, ObjectiveVerdict.Breached, 80, ObjectiveVerdict.Breached, 90 },
        { "a store was not restored", new() { ["stores"] = "files,orders" }, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Met, 90 },
        { "another store was restored", new() { ["store"] = "orders" }, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Met, 90 },
        { "nothing was restored", new() { ["restorePoint"] = null }, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Met, 90 },
        { "restored to after the fence", new() { ["restorePoint"] = "2026-03-01T03:09:00.0000000+00:00" }, ObjectiveVerdict.Met, 0, ObjectiveVerdict.Met, 90 },
        { "no fence", new() { ["step00.kind"] = "startWebApp" }, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Met, 90 },
        { "two fences", new() { ["step02.kind"] = "fence" }, ObjectiveVerdict.Met, 120, ObjectiveVerdict.Unknown, null },
        { "no proof", new() { ["step02.kind"] = "startWebApp" }, ObjectiveVerdict.Met, 80, ObjectiveVerdict.Unknown, null },
        { "moved after the proof", new() { ["step01.kind"] = "prove", ["step02.kind"] = "shiftTraffic" }, ObjectiveVerdict.Met, 80, ObjectiveVerdict.Unknown, null },
        { "noticed after the proof", new() { ["detectedAt"] = "2026-03-01T04:00:00.0000000+00:00" }, ObjectiveVerdict.Met, 80, ObjectiveVerdict.Unknown, null },
    };

    [Theory]
    [MemberData(nameof(Attained))]
    public void Of_ACompletedRun_JudgesOnlyWhatIsProven(
        string why, Dictionary<string, string?> facts, ObjectiveVerdict rpo, double? rpoSeconds, ObjectiveVerdict rto, double? rtoSeconds)
    {
        var attained = RunViews.Of(Samples.Failover(entry => With(entry, facts))).Attained;

        Assert.True(
            (rpo, rpoSeconds, rto, rtoSeconds) == (attained.Rpo, attained.RpoSeconds, attained.Rto, attained.RtoSeconds), $"{why}: {attained}");
    }

    /// <summary>Each store has its own figure, and the worst of them is the run's; one that nobody knows of makes the run's unknown.</summary>
    [Theory]
    [InlineData("files,orders", "files", "orders", null, null)]
    [InlineData("files,orders", "files,orders", "files", 80.0, 80.0)]
    [InlineData("files", null, "files", null, null)]
    public void Of_SeveralStores_SaysEachAndTheWorst(string stores, string? restored, string worst, double? worstSeconds, double? ordersSeconds)
    {
        var attained = RunViews.Of(Samples.Failover(entry => With(entry, new() { ["stores"] = stores, ["store"] = restored }))).Attained;

        Assert.Equal((worst, worstSeconds), (attained.WorstStore, attained.RpoSeconds));
        Assert.Equal(ordersSeconds, attained.Stores.FirstOrDefault(store => store.Store == "orders")?.RpoSeconds);
        var files = attained.Stores.Single(store => store.Store == (restored is null ? "restore" : "files")); // a step that names no store is one of its own
        Assert.Equal((80.0, ObjectiveVerdict.Met), (files.RpoSeconds!.Value, files.Rpo));
    }

    [Fact]
    public void Of_ARunBeforeItsFence_HasNoWorstStore() => Assert.Null(RunViews.Of([.. Samples.Failover().Take(2)]).Attained.WorstStore);

    [Fact]
    public void Of_AFailedStep_HasItsErrorAndTheRestNeverRan()
    {
        var run = RunViews.Of(Samples.Chain([.. Samples.Failover().Take(4),
            Samples.Draft(4, JournalKind.StepFailed, 1, ("code", "NoRestorePoint"), ("message", "There is none."), ("hint", "Copy one.")),
            Samples.Draft(5, JournalKind.RunEnded, null, ("state", "Failed"))]));

        Assert.Equal((RunState.Failed, new StepError("NoRestorePoint", "There is none.", "Copy one.")), (run.State, run.Steps[1].Error));
        Assert.Equal([StepState.Completed, StepState.Failed, StepState.Cancelled], run.Steps.Select(step => step.State));
        Assert.Equal((ObjectiveVerdict.Unknown, ObjectiveVerdict.Unknown), (run.Attained.Rto, run.Attained.Rpo));
    }

    [Fact]
    public void Of_NoBeginning_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RunViews.Of([]));
        Assert.Throws<ArgumentException>(() => RunViews.Of([.. Samples.Failover().Skip(1)]));
    }

    [Theory]
    [InlineData("workload", null, "Entry 0 of the journal of 'shop-run-1' lacks the fact 'workload'.")]
    [InlineData("stores", null, "Entry 0 of the journal of 'shop-run-1' lacks the fact 'stores'.")]
    [InlineData("steps", "many", "Entry 0 of the journal of 'shop-run-1' has 'many' as its fact 'steps', expected a Int32.")]
    [InlineData("steps", "2000000000", "Entry 0 of the journal of 'shop-run-1' has '2000000000' as its fact 'steps', expected a Int32.")]
    [InlineData("steps", "-1", "Entry 0 of the journal of 'shop-run-1' has '-1' as its fact 'steps', expected a Int32.")]
    [InlineData("steps", "4", "Entry 0 of the journal of 'shop-run-1' lacks the fact 'step03.name'.")]
    [InlineData("mode", "Fast", "Entry 0 of the journal of 'shop-run-1' has 'Fast' as its fact 'mode', expected a RunMode.")]
    [InlineData("epoch", "x", "Entry 0 of the journal of 'shop-run-1' has 'x' as its fact 'epoch', expected a Int64.")]
    [InlineData("rpoSeconds", "NaN", "Entry 0 of the journal of 'shop-run-1' has 'NaN' as its fact 'rpoSeconds', expected a Double.")]
    [InlineData("rtoSeconds", "1e300", "Entry 0 of the journal of 'shop-run-1' has '1e300' as its fact 'rtoSeconds', expected a Double.")]
    [InlineData("detectedAt", "today", "Entry 0 of the journal of 'shop-run-1' has 'today' as its fact 'detectedAt', expected a DateTimeOffset.")]
    [InlineData("state", "Fine", "Entry 7 of the journal of 'shop-run-1' has 'Fine' as its fact 'state', expected a RunState.")]
    [InlineData("restorePoint", "then", "Entry 4 of the journal of 'shop-run-1' has 'then' as its fact 'restorePoint', expected a DateTimeOffset.")]
    public void Of_AFactIsMissingOrOfAnotherShape_NamesEntryFactAndExpectation(string fact, string? value, string message)
    {
        var exception = Assert.Throws<RecoveryException>(
            () => RunViews.Of(Samples.Failover(entry => With(entry, new Dictionary<string, string?> { [fact] = value }))));

        Assert.Equal(("JournalUnreadable", message), (exception.Code, exception.Message));
    }

    private static JournalEntry With(JournalEntry entry, Dictionary<string, string?> facts)
    {
        var changed = new SortedDictionary<string, string>(entry.Facts, StringComparer.Ordinal);
        foreach (var (name, value) in facts.Where(fact => changed.Remove(fact.Key) && fact.Value is not null))
        {
            changed[name] = value!;
        }

        return entry with { Facts = changed };
    }
}
