namespace DrFunctions.Cli.Processes;

/// <summary>Waits until a started program answers over HTTP.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Somebody else may hold the port and never answer; then only the program's end tells the truth.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Waits.</summary>
    /// <param name="process">The program.</param>
    /// <param name="url">What is asked.</param>
    /// <param name="isReady">Whether an answer shows that it is ready.</param>
    /// <param name="time">Paces the questions.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliException">It ended or does not answer; the message ends with its last lines.</exception>
    public static async Task WaitAsync(
        ChildProcess process, Uri url, Func<HttpResponseMessage, bool> isReady, TimeProvider time, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = AnswerTimeout };
        var began = time.GetTimestamp();
        while (!await IsReadyAsync(http, url, isReady, cancellationToken))
        {
            if (process.Exited.IsCompleted)
            {
                throw NotReady(process, url, $"ended with {await process.Exited}");
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                throw NotReady(process, url, $"is not ready after {Patience.TotalSeconds:0} s");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task<bool> IsReadyAsync(
        HttpClient http, Uri url, Func<HttpResponseMessage, bool> isReady, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            return isReady(answer);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static CliException NotReady(ChildProcess process, Uri url, string what) => new(
        "Unreachable",
        $"{process.Name} at {url.GetLeftPart(UriPartial.Authority)} {what}. Its last lines:\n{string.Join('\n', process.ReadLogTail(12))}",
        $"Its whole output is in {process.LogFile}.");
}
