using System.CommandLine;
using System.Globalization;
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
        var repository = BackupOptions.Repository();
        var workload = Named("--workload", "The workload it belongs to.");
        var policy = Named("--policy", "The policy it belongs to.");
        var id = new Option<string?>("--id")
        {
            Description = "The snapshot's id; the same id again finishes what a killed backup began (default: from names and time).",
            HelpName = "ID",
        };
        return context.Command("run", "Take a full snapshot of a folder or container.", [source, repository, workload, policy, id],
            async (invocation, cancellationToken) =>
            {
                var places = new BackupPlaces(invocation);
                var now = invocation.Time.GetUtcNow();
                var name = invocation.Value(id)
                    ?? $"{invocation.Value(workload)}-{invocation.Value(policy)}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
                var began = invocation.Time.GetTimestamp();
                Snapshot taken;
                using (var progress = new BackupProgressLine(invocation, "backed up"))
                {
                    taken = await new BackupEngine(time: invocation.Time).BackupAsync(
                        places.Source(invocation.Value(source)),
                        places.Repository(invocation.Value(repository)),
                        new SnapshotRequest(name, invocation.Value(workload), invocation.Value(policy)),
                        progress,
                        cancellationToken);
                }

                return Tell(taken, invocation, invocation.Time.GetElapsedTime(began));
            });
    }

    private static int Tell(Snapshot taken, CommandInvocation invocation, TimeSpan took)
    {
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(taken);
        }
        else
        {
            invocation.Output.Say($"[green]✓[/] snapshot {Output.Text(taken.Id)}: {taken.Files} files, {Quantities.Bytes(taken.Bytes)} in {Quantities.Duration(took)}, restore point {Output.Time(taken.RestorePoint)}");
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
