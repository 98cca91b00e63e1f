using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class RunCommandsTests
{
    private const string Paused = "started0 checked0 done0 started1 checked1 failed1 pause1";

    [Theory]
    [InlineData("", "cancel")]
    [InlineData("started0", "cancel")]
    [InlineData("started0 failed0 pause0", "retry skip cancel")]
    [InlineData(Paused, "retry skip undo cancel")]
    [InlineData("started0 checked0 failed0 pause0 undo", "cancel")]
    [InlineData("started0 checked0 failed0 pause0 undo undoing0 undone0 pause0", "retry skip cancel")]
    [InlineData("cancel", "")]
    [InlineData("preempt", "")]
    [InlineData("end", "")]
    public void Possible_Story_IsThis(string entries, string expected) =>
        Assert.Equal(expected, string.Join(' ', RunCommands.Possible(Story.Of("f s", entries))));

    [Theory]
    [InlineData("end", CommandKind.Cancel, null, "RunEnded", "The run 'shop-run-1' has ended: it is cancelled.")]
    [InlineData("end", CommandKind.Retry, "fence0", "RunEnded", "The run 'shop-run-1' has ended: it is cancelled.")]
    [InlineData("cancel", CommandKind.Cancel, null, "RunStopping", "The run 'shop-run-1' is stopping already: ada: false alarm.")]
    [InlineData("", CommandKind.Retry, "fence0", "NotWaiting", "The run 'shop-run-1' waits for no decision: its steps run.")]
    [InlineData("started0", CommandKind.Skip, "fence0", "NotWaiting", "The run 'shop-run-1' waits for no decision: 'fence0' is under way.")]
    [InlineData("started0 checked0 cancel", CommandKind.Undo, null, "NotWaiting", "The run 'shop-run-1' waits for no decision: it goes back, because of ada: false alarm.")]
    [InlineData(Paused, CommandKind.Retry, "fence0", "StepNotWaiting", "The run 'shop-run-1' waits for a decision on 'startWebApp1', not on 'fence0'.")]
    [InlineData(Paused, CommandKind.Skip, null, "StepNotWaiting", "The run 'shop-run-1' waits for a decision on 'startWebApp1', not on ''.")]
    [InlineData("started0 failed0 pause0", CommandKind.Undo, null, "NothingToUndo", "The run 'shop-run-1' has done nothing that can be undone.")]
    [InlineData(Paused, CommandKind.Force, null, "NotForceable", "No failed step of 'shop-run-1' can be forced.")]
    [InlineData("started0 failed0 pause0", CommandKind.Skip, "fence0", "FenceNotOverridden", "'fence0' is a fence: without it the old region may go on writing. overrides: '', expected 'fence'.")]
    public void Judge_NotWaitedFor_SaysWhatIs(string entries, CommandKind kind, string? step, string code, string message)
    {
        var refused = Assert.IsType<CommandVerdict.Refused>(RunCommands.Judge(Story.Of("f s", entries), new RunCommand(kind, step, "ada", "why")));

        Assert.Equal((code, message), (refused.Code, refused.Message));
        Assert.NotEmpty(refused.Hint);
    }

    [Fact]
    public void Judge_Undo_OnlyBehindThePointOfNoReturn()
    {
        var refused = Assert.IsType<CommandVerdict.Refused>(RunCommands.Judge(
            Story.Of("f r! s", "started0 checked0 done0 started1 checked1 done1 started2 failed2 pause2"), new RunCommand(CommandKind.Undo, null, "ada", "why")));

        Assert.Equal("The run 'shop-run-1' has done nothing that can be undone: 'restore1' is a point of no return.", refused.Message);
    }

    [Fact]
    public void Judge_Retry_RecordsWhoWhyAndWhatIsChanged()
    {
        var command = new RunCommand(CommandKind.Retry, "startWebApp1", "ada", "slow today")
        {
            Parameters = new Dictionary<string, string> { ["timeout"] = "20m" },
            Timeout = TimeSpan.FromMinutes(20),
        };

        var draft = Assert.IsType<CommandVerdict.Accepted>(RunCommands.Judge(Story.Of("f s", Paused), command)).Draft;

        Assert.Equal((JournalKind.StepRetried, 1), (draft.Kind, draft.Step));
        Assert.Equal(
            new Dictionary<string, string> { ["by"] = "ada", ["reason"] = "slow today", ["parameter.timeout"] = "20m", ["timeoutSeconds"] = "1200" }, draft.Facts);
    }

    [Fact]
    public void Judge_SkipOfAFence_RecordsTheOverride()
    {
        var command = new RunCommand(CommandKind.Skip, "fence0", "ada", "the region is under water") { Overrides = "fence" };

        var draft = Assert.IsType<CommandVerdict.Accepted>(RunCommands.Judge(Story.Of("f s", "started0 failed0 pause0"), command)).Draft;

        Assert.Equal((JournalKind.StepSkipped, "fence", "ada"), (draft.Kind, draft.Facts["overrides"], draft.Facts["by"]));
    }
}
