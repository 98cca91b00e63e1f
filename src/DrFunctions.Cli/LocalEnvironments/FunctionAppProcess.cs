using System.Net;
using DrFunctions.Cli.Processes;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>The function app as a process of its own; several may share one task hub.</summary>
internal sealed class FunctionAppProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ChildProcessOptions _options;
    private readonly TimeProvider _time;
    private ChildProcess? _process;

    /// <summary>Describes the app; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="url">Where it will listen.</param>
    /// <param name="options">How it is started.</param>
    /// <param name="time">Paces the waits.</param>
    public FunctionAppProcess(Uri url, ChildProcessOptions options, TimeProvider time)
    {
        Url = url;
        _options = options;
        _time = time;
    }

    /// <summary>The app's root, such as <c>http://127.0.0.1:17071/</c>.</summary>
    public Uri Url { get; }

    /// <summary>Its output.</summary>
    public string LogFile => _options.LogFile;

    /// <summary>Whether the process runs.</summary>
    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>Starts the process if it does not run, without waiting for an answer.</summary>
    public async Task LaunchAsync(CancellationToken cancellationToken)
    {
        if (!IsRunning)
        {
            await DisposeAsync();
            _process = await ChildProcess.StartAsync(_options, _time, cancellationToken);
        }
    }

    /// <summary>Starts the process if it does not run, and waits until its health answers 200.</summary>
    /// <exception cref="CliException">It does not; the message ends with its last lines.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LaunchAsync(cancellationToken);
        var process = _process!; // set by LaunchAsync
        using var deadline = new CancellationTokenSource(StartPatience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var http = new HttpClient();
        try
        {
            while (!await IsHealthyAsync(http, either.Token))
            {
                if (process.Exited.IsCompleted)
                {
                    throw NotStarted(process, $"ended with {await process.Exited}");
                }

                await Task.Delay(Pause, _time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotStarted(process, $"is not healthy after {StartPatience.TotalSeconds:0} s");
        }
    }

    /// <summary>Ends the app without a chance to save anything (SIGKILL).</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Asks the app to end (SIGTERM), and kills it when it does not.</summary>
    public Task StopAsync() => _process?.StopAsync(StopPatience) ?? Task.CompletedTask;

    /// <summary>Freezes the app, as a stalled machine would (SIGSTOP).</summary>
    public void Suspend() => _process?.Suspend();

    /// <summary>Lets a frozen app go on.</summary>
    public void Resume() => _process?.Resume();

    /// <summary>The last lines of its output.</summary>
    public IReadOnlyList<string> ReadLogTail(int lines) => _process?.ReadLogTail(lines) ?? [];

    /// <summary>Kills the app if it still runs.</summary>
    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> IsHealthyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Url, "api/health"), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private CliException NotStarted(ChildProcess process, string what) => new(
        "Unreachable",
        $"The function app at {Url} {what}. Its last lines:\n{string.Join('\n', process.ReadLogTail(12))}",
        $"Its whole output is in {process.LogFile}.");
}
