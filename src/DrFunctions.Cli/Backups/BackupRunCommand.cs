using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup run SOURCE</c></summary>
internal static class BackupRunCommand
{
    private const string ByHand = "manual";

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var source = new Argument<string?>("SOURCE")
        {
            Description = $"What to back up: {BackupPlaces.Syntax}; or --stdin or --stdin-command.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => null,
        };
        var options = new RepositoryOptions();
        var workload = Named("--workload", "The workload it belongs to.");
        var policy = Named("--policy", "The policy it belongs to.");
        var kind = new Option<SnapshotKind>("--kind")
        {
            Description = "What is not read again: what is unchanged since the last snapshot of the same workload, policy and source (incremental), since the last full one (differential), or nothing (full). Any snapshot restores on its own.",
            DefaultValueFactory = _ => SnapshotKind.Incremental,
        };
        var verify = new Option<bool>("--verify-unchanged") { Description = "Read files that look unchanged all the same." };
        var id = new Option<string?>("--id")
        {
            Description = "The snapshot's id; the same id again finishes what a killed backup began (default: from names and time).",
            HelpName = "ID",
        };
        var (stream, folder) = (new StreamInput(), new FolderOptions());
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; say how much is new, changed and unchanged since the snapshot that it would rely on." };
        return context.Command("run", "Take a snapshot of a folder, a container or a stream.", [source, .. options.All, workload, policy, kind, verify, id, .. folder.All, .. stream.All, dryRun],
            async (invocation, cancellationToken) =>
            {
                var place = invocation.Value(source);
                stream.Validate(invocation, place);
                var request = new SnapshotRequest(
                    invocation.Value(id) ?? NameOf(invocation.Value(workload), invocation.Value(policy), invocation.Time.GetUtcNow()),
                    invocation.Value(workload),
                    invocation.Value(policy))
                {
                    Kind = invocation.Value(kind),
                    VerifyUnchanged = invocation.Value(verify),
                };
                var what = await folder.ReadAsync(invocation, cancellationToken);
                if (place is null && (what is not null || invocation.Value(dryRun)))
                {
                    throw new CliException(
                        "BadInput", "A stream is backed up, and --exclude, --exclude-file, --one-file-system or --dry-run is given; expected them with a SOURCE.", "Leave them out: a stream is read once, and whole.");
                }

                var from = place is null ? null : new BackupPlaces(invocation).Source(place, what);
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var began = invocation.Time.GetTimestamp();
                if (from is not null && invocation.Value(dryRun))
                {
                    return Tell(await engine.PreviewBackupAsync(from, repository, request, cancellationToken: cancellationToken), invocation.Output);
                }

                using var opened = from is null ? stream.Open(invocation) : null; // When all else is known to be right.
                Snapshot taken;
                using (var progress = new BackupProgressLine(invocation, "backed up"))
                {
                    taken = await engine.BackupAsync(from ?? opened!.Source, repository, request, progress, cancellationToken); // One of the two is there.
                }

                return Tell(taken, invocation, invocation.Time.GetElapsedTime(began));
            });
    }

    private static int Tell(BackupPreview preview, Output output)
    {
        if (output.IsJson)
        {
            output.Document(preview);
        }
        else if (preview.IsTaken)
        {
            output.Say("a snapshot of this id is there already: nothing would be done");
        }
        else
        {
            output.Say($"{(preview.Parent is { } parent ? $"since {Output.Text(parent)}" : "a full backup")}: {preview.FilesNew} files are new ({Quantities.Bytes(preview.BytesNew)}), "
                + $"{preview.FilesChanged} changed ({Quantities.Bytes(preview.BytesChanged)}), {preview.FilesUnchanged} unchanged ({Quantities.Bytes(preview.BytesUnchanged)}); "
                + $"{Quantities.Bytes(preview.BytesToRead)} would be read. Nothing was written.");
            if (preview.Unreadable > 0)
            {
                output.Say($"[yellow]![/] {preview.Unreadable} of them cannot be read, as far as the listing says");
            }
        }

        return ExitCodes.Success;
    }

    // Two that begin in one second are two snapshots: an id that is there already is not taken again.
    private static string NameOf(string workload, string policy, DateTimeOffset now) =>
        $"{workload}-{policy}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    private static int Tell(Snapshot taken, CommandInvocation invocation, TimeSpan took)
    {
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(taken);
        }
        else
        {
            invocation.Output.Say($"[green]✓[/] snapshot {Output.Text(taken.Id)}, {SnapshotText.Kind(taken)}: {taken.Files} files, {Quantities.Bytes(taken.Bytes)}, of them {Quantities.Bytes(taken.BytesAdded)} new, "
                + $"in {Quantities.Duration(took)}, restore point {Output.Time(taken.RestorePoint)}");
            if (!taken.IsComplete)
            {
                invocation.Output.Say($"[yellow]![/] {taken.Unread} files are not in it: they kept changing or cannot be read.");
            }
        }

        return taken.IsComplete ? ExitCodes.Success : ExitCodes.NotVerified;
    }

    private static Option<string> Named(string name, string description) =>
        new(name) { Description = description, HelpName = "NAME", DefaultValueFactory = _ => ByHand };
}
