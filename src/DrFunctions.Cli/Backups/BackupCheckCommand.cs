using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup check [SNAPSHOT]</c></summary>
internal static class BackupCheckCommand
{
    private const int Shown = 20;

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var snapshot = BackupOptions.Snapshot("all of them");
        var repository = BackupOptions.Repository();
        return context.Command("check", "Read and verify every byte of a snapshot, or of all.", [snapshot, repository],
            async (invocation, cancellationToken) =>
            {
                var from = new BackupPlaces(invocation).Repository(invocation.Value(repository));
                CheckResult found;
                using (var progress = new BackupProgressLine(invocation, "verified"))
                {
                    found = await new BackupEngine(time: invocation.Time).CheckAsync(from, invocation.Value(snapshot), progress, cancellationToken);
                }

                return Tell(found, from.Description, invocation.Output);
            });
    }

    private static int Tell(CheckResult found, string repository, Output output)
    {
        if (output.IsJson)
        {
            output.Document(found);
            return found.IsClean ? ExitCodes.Success : ExitCodes.NotVerified;
        }

        if (!found.IsClean)
        {
            throw new CliException("NotVerified", $"{repository}: {found.ProblemCount} problems in {found.SnapshotsChecked} snapshots.",
                "Restore from another repository (dr backup list shows its snapshots), and take a new backup.")
            {
                Details = [.. found.Problems.Take(Shown).Select(problem => $"{problem.SnapshotId} {problem.Path}: {problem.Code}: {problem.Message}")],
            };
        }

        output.Say($"[green]✓[/] {Output.Text(repository)}: {found.SnapshotsChecked} snapshots, {Quantities.Bytes(found.BytesRead)} read, all of it restores.");
        return ExitCodes.Success;
    }
}
