using DrFunctions.Recovery.Runs;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class RunDecisionTests
{
    private const string Failover = "f r s t p";

    [Theory]
    // Forward.
    [InlineData(Failover, "", "attempt 0")]
    [InlineData(Failover, "started0", "attempt 0")]
    [InlineData(Failover, "started0 checked0", "attempt 0")]
    [InlineData(Failover, "started0 checked0 done0", "attempt 1")]
    [InlineData("f p", "started0 checked0 done0 started1 checked1 done1", "end Completed")]
    [InlineData("f p", "end", "done")]
    // A failure waits for a person; nothing behind it begins.
    [InlineData(Failover, "started0 failed0", "pause Broken 0")]
    [InlineData(Failover, "started0 failed0 pause0", "wait")]
    [InlineData(Failover, "started0 failed0 pause0 retry0", "attempt 0")]
    [InlineData(Failover, "started0 failed0 pause0 retry0 started0 failed0", "pause Broken 0")]
    [InlineData(Failover, "started0 failed0 pause0 skip0", "attempt 1")]
    [InlineData(Failover, "started0 failed0 pause0 force", "attempt 0")]
    [InlineData("f p", "started0 checked0 done0 started1 failed1 pause1 skip1", "end Completed")]
    // Side by side: all begin, all end, then the failure counts.
    [InlineData("f r1 r1 s", "started0 done0", "attempt 1,2")]
    [InlineData("f r1 r1 s", "started0 done0 started1 done1", "attempt 2")]
    [InlineData("f r1 r1 s", "started0 done0 started1 failed1", "attempt 2")]
    [InlineData("f r1 r1 s", "started0 done0 started1 failed1 started2", "attempt 2")]
    [InlineData("f r1 r1 s", "started0 done0 started1 failed1 started2 done2", "pause Broken 1")]
    [InlineData("f r1 r1 s", "started0 done0 started1 failed1 started2 failed2 pause1 retry1", "attempt 1")]
    [InlineData("f r1 r1 s", "started0 done0 started1 failed1 started2 failed2 pause1 retry1 started1 done1", "pause Broken 2")]
    [InlineData("f r1 r1 s", "started0 done0 started1 done1 started2 done2", "attempt 3")]
    [InlineData("r1 r1 s2 s2", "started0 done0 started1 done1", "attempt 2,3")]
    // Cancelled: what runs is given up, what was done is undone from the last, and what cannot be is named.
    [InlineData(Failover, "cancel", "end Cancelled")]
    [InlineData(Failover, "started0 checked0 cancel", "record StepFailed 0 Cancelled")]
    [InlineData(Failover, "started0 cancel failed0", "end Cancelled")]
    [InlineData(Failover, "started0 checked0 cancel failed0", "undo 0")]
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 checked2 done2 cancel", "undo 2")]
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 checked2 done2 cancel undoing2", "undo 2")]
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 checked2 done2 cancel undoing2 undone2", "undo 0")]
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 cancel undoing0 undone0", "end Cancelled: restore1 (cannot be undone)")]
    [InlineData(Failover, "started0 checked0 failed0 pause0 cancel", "undo 0")]
    [InlineData(Failover, "started0 checked0 failed0 pause0 skip0 cancel", "undo 0")]
    [InlineData(Failover, "started0 checked0 failed0 pause0 retry0 cancel", "undo 0")]
    // An undo that fails stops the going back: what lies before it was built upon.
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 checked2 done2 cancel undoing2 stuck2", "end Cancelled: fence0 (before startWebApp2, which could not be undone); restore1 (cannot be undone); startWebApp2 (Stuck: it holds)")]
    // Nothing before a point of no return is undone.
    [InlineData("f r! s", "started0 checked0 done0 started1 checked1 done1 started2 checked2 done2 cancel undoing2 undone2", "end Cancelled: fence0 (before the point of no return, restore1); restore1 (cannot be undone)")]
    [InlineData("f r! s", "started0 checked0 done0 started1 failed1 pause1 cancel", "undo 0")]
    // Undo on request leads to a pause at the step that would be next, and everything behind is done again.
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 failed2 pause2 undo", "undo 0")]
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 failed2 pause2 undo undoing0 undone0", "pause Undone 0")]
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 failed2 pause2 undo undoing0 undone0 pause0 retry0", "attempt 0")]
    [InlineData(Failover, "started0 checked0 done0 started1 checked1 done1 started2 failed2 pause2 undo undoing0 undone0 pause0 retry0 started0 done0", "attempt 1")]
    [InlineData("f r! s", "started0 checked0 done0 started1 checked1 done1 started2 checked2 failed2 pause2 undo undoing2 undone2", "pause Undone 2")]
    [InlineData(Failover, "started0 checked0 failed0 pause0 undo undoing0 stuck0", "pause UndoFailed 0")]
    [InlineData(Failover, "started0 checked0 failed0 pause0 undo undoing0 stuck0 pause0", "wait")]
    [InlineData(Failover, "started0 checked0 failed0 pause0 undo undoing0 stuck0 pause0 undo", "undo 0")]
    [InlineData(Failover, "started0 checked0 failed0 pause0 undo undoing0 cancel", "undo 0")]
    // Pre-empted: the same, but within its time; or left to a run that goes the same way.
    [InlineData(Failover, "started0 checked0 done0 preempt", "undo 0")]
    [InlineData(Failover, "started0 checked0 preempt", "record StepFailed 0 Preempted")]
    [InlineData(Failover, "started0 checked0 done0 leave", "end Preempted: fence0 (left to the run that took over)")]
    [InlineData(Failover, "preempt", "end Preempted")]
    public void Next_Story_IsThis(string steps, string entries, string expected) =>
        Assert.Equal(expected, Story.Of(RunDecision.Next(Story.Of(steps, entries), MovableClock.Start)));

    [Theory]
    [InlineData("started0 checked0 failed0 pause0", "end Failed")]
    [InlineData("started0 checked0 done0 preempt", "end Preempted: fence0 (no time was left)")]
    [InlineData("started0 checked0 done0 preempt undoing0", "record UndoFailed 0 UndoTimedOut")]
    [InlineData("started0 checked0 done0 preempt undoing0 stuck0", "end Preempted: fence0 (Stuck: it holds)")]
    public void Next_TheTimeIsOver_IsThis(string entries, string expected) => Assert.Equal(
        expected, Story.Of(RunDecision.Next(Story.Of("f r s", entries), MovableClock.Start + Story.PauseLimit)));

    [Fact]
    public void Next_ARunbookThatEndsOnFailure_EndsAndUndoesNothing() => Assert.Equal(
        "end Failed", Story.Of(RunDecision.Next(Story.Of("f r", "started0 checked0 done0 started1 failed1", ends: true), MovableClock.Start)));

    [Theory]
    [InlineData("f? s p?", "started0 checked0", "attempt 1")]
    [InlineData("f? s p?", "started0 checked0 started1 checked1 done1 started2 checked2", "record UndoRequested")]
    [InlineData("f? s p?", "started0 checked0 started1 checked1 done1 started2 checked2 cleanup", "undo 1")]
    [InlineData("f? s p?", "started0 checked0 started1 checked1 done1 started2 checked2 cleanup undoing1 undone1", "end Completed")]
    [InlineData("f? s p?", "started0 checked0 started1 checked1 done1 started2 checked2 cleanup undoing1 stuck1", "end Failed: startWebApp1 (Stuck: it holds)")]
    [InlineData("f? p?", "started0 checked0 started1 checked1", "end Completed")]
    public void Next_Drill_ChecksAndCleansUp(string steps, string entries, string expected) =>
        Assert.Equal(expected, Story.Of(RunDecision.Next(Story.Of(steps, entries, RunMode.Drill), MovableClock.Start)));

    [Theory]
    [InlineData("", "end Failed")]
    [InlineData("started0 checked0", "record StepFailed 0 EpochSuperseded")]
    [InlineData("started0 checked0 failed0", "end Failed")]
    [InlineData("started0 checked0 failed0 pause0", "end Failed")]
    [InlineData("started0 checked0 done0 preempt", "done")]
    [InlineData("started0 preempt", "record StepFailed 0 EpochSuperseded")]
    [InlineData("preempt", "end Preempted")]
    public void Next_TheLockIsLost_SealsOrLeavesItToTheNewRun(string entries, string expected) =>
        Assert.Equal(expected, Story.Of(RunDecision.Next(Story.Of("f r", entries), MovableClock.Start, "lost")));
}
