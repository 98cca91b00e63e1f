namespace DrFunctions.Cli.Api;

/// <summary>Waits for something by asking again; an app that does not answer meanwhile, because it starts again, is waited for too.</summary>
/// <param name="time">Paces the questions.</param>
/// <param name="hint">What to do when the time is over and nothing else is known.</param>
internal sealed class Polling(TimeProvider time, string hint)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Asks until the answer is right.</summary>
    /// <param name="what">What is waited for, in messages: <c>the backup to be complete</c>.</param>
    /// <param name="patience">How long.</param>
    /// <param name="ask">The question.</param>
    /// <param name="isRight">Whether the answer is right; it may throw to give up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliException">The time is over; the message says what was last seen.</exception>
    public async Task<T> UntilAsync<T>(
        string what, TimeSpan patience, Func<CancellationToken, Task<T>> ask, Func<T, bool> isRight, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            CliException? silence = null;
            try
            {
                var answer = await ask(cancellationToken);
                if (isRight(answer))
                {
                    return answer;
                }
            }
            catch (CliException failure) when (failure.IsTransient)
            {
                silence = failure;
            }

            if (time.GetElapsedTime(began) > patience)
            {
                throw new CliException("StepFailed",
                    $"Waited {patience.TotalSeconds:0} s for {what}{(silence is null ? "" : $"; at last: {silence.Message}")}".TrimEnd('.') + ".",
                    silence?.Hint ?? hint, silence);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
