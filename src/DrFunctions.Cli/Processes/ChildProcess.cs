using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace DrFunctions.Cli.Processes;

/// <summary>
/// A process that never outlives this one, however this one ends. Thread-safe.
/// </summary>
/// <remarks>
/// The program runs below a small shell that also holds the reading end of a pipe whose only writing end is here. The kernel
/// closes that end whenever this process ends, by SIGKILL too; the shell then kills the program, suspended or not. A
/// parent-death signal would not do: it follows the thread that forked, and the pool ends threads as it likes.
/// </remarks>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Supervisor =
        """
        exec 3<&0 2>>"$1" 4>>"$1"
        shift
        trap '' INT HUP
        "$@" </dev/null >&4 2>&4 3<&- 4>&- &
        child=$!
        echo "$child"
        exec >&- 4>&-
        ( read -r nothing <&3; kill -KILL "$child" ) &
        watcher=$!
        exec 3<&-
        wait "$child"
        code=$?
        kill -KILL "$watcher" 2>/dev/null
        exit "$code"
        """;

    private readonly Process _shell;
    private readonly ChildProcessOptions _options;
    private readonly TimeProvider _time;

    private ChildProcess(ChildProcessOptions options, Process shell, int id, TimeProvider time)
    {
        _options = options;
        _shell = shell;
        _time = time;
        Id = id;
        Exited = WaitForExitAsync();
    }

    /// <summary>The program's process id (not the shell's).</summary>
    public int Id { get; }

    /// <summary>What it is, in messages.</summary>
    public string Name => _options.Name;

    /// <summary>Where its output goes.</summary>
    public string LogFile => _options.LogFile;

    /// <summary>Completes when the program has ended, with its exit code; 128 + the signal's number when a signal ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts the program.</summary>
    /// <exception cref="CliException">The machine has no POSIX shell, or the program does not start.</exception>
    public static async Task<ChildProcess> StartAsync(
        ChildProcessOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.LogFile)!); // a file's path has a directory
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = options.WorkingDirectory,
        };
        foreach (var argument in (string[])["-c", Supervisor, "dr-supervisor", options.LogFile, options.FileName, .. options.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        Process? shell = null;
        try
        {
            shell = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
            var line = await shell.StandardOutput.ReadLineAsync(cancellationToken);
            return new ChildProcess(options, shell, int.Parse(line ?? "", CultureInfo.InvariantCulture), time);
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or FormatException)
        {
            shell?.Dispose();
            throw new CliException("ToolMissing", $"{options.Name} could not be started through /bin/sh: {failure.Message}",
                "The local environment needs Linux or macOS with a POSIX shell; on Windows use WSL.", failure);
        }
        catch (OperationCanceledException)
        {
            shell?.Dispose(); // closes the pipe, and with it whatever was started
            throw;
        }
    }

    /// <summary>Ends the program without a chance to save anything (SIGKILL).</summary>
    public async Task KillAsync()
    {
        Signal(PosixSignals.TryKill);
        await Exited;
    }

    /// <summary>Freezes the program (SIGSTOP): its port stays open and nothing answers.</summary>
    public void Suspend() => Signal(PosixSignals.TrySuspend);

    /// <summary>Lets a frozen program go on (SIGCONT).</summary>
    public void Resume() => Signal(PosixSignals.TryResume);

    /// <summary>Asks the program to end (SIGTERM), and kills it when it has not within <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        Signal(PosixSignals.TryTerminate);
        Resume();
        try
        {
            await Exited.WaitAsync(grace, _time);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>The last lines of the program's output, for a message.</summary>
    public IReadOnlyList<string> ReadLogTail(int lines) =>
        File.Exists(LogFile) ? [.. File.ReadLines(LogFile).TakeLast(lines)] : [];

    /// <summary>Kills the program if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _shell.Dispose(); // twice does no harm
    }

    private void Signal(Func<int, bool> send)
    {
        if (!Exited.IsCompleted)
        {
            send(Id);
        }
    }

    private async Task<int> WaitForExitAsync()
    {
        await _shell.WaitForExitAsync(CancellationToken.None);
        return _shell.ExitCode;
    }
}
