using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using DrFunctions.Backup;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Cli.Backups;

/// <summary>A stream to back up: standard input, or what a command writes.</summary>
internal sealed class StreamInput
{
    /// <summary>How long a command that was ended may take to be gone.</summary>
    internal static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly Option<bool> _stdin = new("--stdin")
    {
        Description = "Back up standard input as one file. Its end is taken for the end: use --stdin-command where the writer may fail.",
    };

    private readonly Option<string?> _command = new("--stdin-command")
    {
        Description = "Back up what this command of the shell writes as one file; when it fails, there is no snapshot.",
        HelpName = "COMMAND",
    };

    private readonly Option<string?> _name = new("--name") { Description = "The file's path in the snapshot, such as dumps/shop.sql; of streams only.", HelpName = "PATH" };

    /// <summary>For a command's list.</summary>
    public IReadOnlyList<Symbol> All => [_stdin, _command, _name];

    /// <summary>Whether a stream is to be backed up.</summary>
    public bool IsAsked(CommandInvocation invocation) => invocation.Value(_stdin) || invocation.Value(_command) is not null;

    /// <summary>Sees that what was said fits together.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="folder">What else was named to be backed up; null for nothing.</param>
    /// <exception cref="CliException">It does not.</exception>
    public void Validate(CommandInvocation invocation, string? folder)
    {
        var (stdin, command, name) = (invocation.Value(_stdin), invocation.Value(_command), invocation.Value(_name));
        if ((folder is null ? 0 : 1) + (stdin ? 1 : 0) + (command is null ? 0 : 1) is not 1 and var count)
        {
            throw new CliException("BadInput", $"{(count == 0 ? "None" : $"{count}")} of SOURCE, --stdin and --stdin-command {(count == 0 ? "is" : "are")} given; expected one.", "Say what to back up.");
        }

        if (folder is null == name is null)
        {
            throw new CliException(
                "BadInput",
                folder is null ? "--name is not given; expected the path that the stream has in the snapshot, such as dumps/shop.sql." : $"--name is '{name}', and SOURCE is given; expected it with --stdin or --stdin-command.",
                "A stream is one file, and has one name.");
        }
    }

    /// <summary>Begins to read it.</summary>
    /// <returns>The caller's to dispose: what is still running is ended.</returns>
    /// <exception cref="CliException">No folder could hold the name, or the command does not start.</exception>
    public OpenedStream Open(CommandInvocation invocation)
    {
        var name = invocation.Value(_name)!; // Validated.
        try
        {
            _ = new StreamSource(name, Stream.Null); // Before a command is started for nothing.
        }
        catch (ArgumentException error)
        {
            throw new CliException("BadInput", $"--name: {error.Message}", "Write it as a path below a folder, its parts separated by '/'.", error);
        }

        if (invocation.Value(_command) is not { } command)
        {
            var input = invocation.Host.OpenInput();
            return new OpenedStream(new StreamSource(name, input, time: invocation.Time), input, null);
        }

        var process = Start(command);
        var output = process.StandardOutput.BaseStream;
        return new OpenedStream(new StreamSource(name, output, token => EndAsync(process, command, token), invocation.Time), output, process);
    }

    // Its standard input and error are ours: it may ask, and say what went wrong.
    private static Process Start(string command)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe") { Arguments = $"/s /c \"{command}\"" } : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        try
        {
            return Process.Start(start) ?? throw new Win32Exception("no process came of it");
        }
        catch (Win32Exception error)
        {
            throw new CliException("BadInput", $"--stdin-command: '{command}' does not start: {error.Message}.", "Try it in a shell.", error);
        }
    }

    private static async Task EndAsync(Process process, string command, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new BackupException(
                BackupErrors.SourceFailed,
                $"The command '{command}' ended with the exit code {process.ExitCode}; expected 0.",
                isTransient: false,
                "See what it said, and begin again: nothing of what it wrote is in a snapshot.");
        }
    }
}

/// <summary>A stream that is being read, and who writes it.</summary>
internal sealed class OpenedStream(StreamSource source, Stream content, Process? writer) : IDisposable
{
    /// <summary>What is backed up.</summary>
    public StreamSource Source => source;

    /// <inheritdoc/>
    public void Dispose()
    {
        content.Dispose();
        if (writer is { HasExited: false })
        {
            writer.Kill(entireProcessTree: true);
            writer.WaitForExit(StreamInput.EndPatience);
        }

        writer?.Dispose();
    }
}
