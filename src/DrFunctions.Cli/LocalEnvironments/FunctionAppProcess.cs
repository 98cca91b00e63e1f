using System.Net;
using DrFunctions.Cli.Processes;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>The function app as a process of its own; several may share one task hub.</summary>
internal sealed class FunctionAppProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

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
        await Readiness.WaitAsync(
            _process!, new Uri(Url, "api/health"), answer => answer.StatusCode == HttpStatusCode.OK, _time, cancellationToken); // set by LaunchAsync
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
}
