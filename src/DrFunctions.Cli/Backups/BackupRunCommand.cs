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
        var source = new Argument<string>("SOURCE") { Description = $"What to back up: {BackupPlaces.Syntax}." };
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
        return context.Command("run", "Take a snapshot of a folder or container.", [source, .. options.All, workload, policy, kind, verify, id],
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                var from = new BackupPlaces(invocation).Source(invocation.Value(source));
                var request = new SnapshotRequest(
                    invocation.Value(id) ?? NameOf(invocation.Value(workload), invocation.Value(policy), invocation.Time.GetUtcNow()),
                    invocation.Value(workload),
                    invocation.Value(policy))
                {
                    Kind = invocation.Value(kind),
                    VerifyUnchanged = invocation.Value(verify),
                };
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var began = invocation.Time.GetTimestamp();
                Snapshot taken;
                using (var progress = new BackupProgressLine(invocation, "backed up"))
                {
                    taken = await engine.BackupAsync(from, repository, request, progress, cancellationToken);
                }

                return Tell(taken, invocation, invocation.Time.GetElapsedTime(began));
            });
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
