using DrFunctions.Cli.Api;

namespace DrFunctions.Cli.Tests.Api;

public sealed class PollingTests
{
    private static readonly CliException Silence = new("Unreachable", "The app does not answer.", "dr up") { IsTransient = true };

    [Fact]
    public async Task Until_WhileTheAppStartsAgain_GoesOn()
    {
        var asked = 0;

        var answer = await new Polling(TimeProvider.System, "look").UntilAsync(
            "it", TimeSpan.FromSeconds(30), _ => ++asked < 3 ? throw Silence : Task.FromResult(asked), value => value == 4, CancellationToken.None);

        Assert.Equal(4, answer);
    }

    [Fact]
    public async Task Until_WhenTheTimeIsOver_SaysWhatWasWaitedForAndWhatWasSeen()
    {
        var failure = await Assert.ThrowsAsync<CliException>(() => new Polling(TimeProvider.System, "look").UntilAsync<int>(
            "the end", TimeSpan.Zero, _ => throw Silence, _ => true, CancellationToken.None));

        Assert.Equal("StepFailed", failure.Code);
        Assert.Equal("Waited 0 s for the end; at last: The app does not answer.", failure.Message);
        Assert.Equal("dr up", failure.Hint);
    }

    [Fact]
    public async Task Until_WhenTheAppRefuses_DoesNotAskAgain()
    {
        var asked = 0;

        var failure = await Assert.ThrowsAsync<CliException>(() => new Polling(TimeProvider.System, "look").UntilAsync<int>(
            "it", TimeSpan.FromSeconds(30),
            _ =>
            {
                asked++;
                throw new CliException("Unauthorized", "no", "");
            },
            _ => true,
            CancellationToken.None));

        Assert.Equal(("Unauthorized", 1), (failure.Code, asked));
    }
}
