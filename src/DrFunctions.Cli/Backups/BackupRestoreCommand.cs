using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup restore [SNAPSHOT]</c></summary>
internal static class BackupRestoreCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var choice = new SnapshotChoice();
        var options = new RepositoryOptions();
        var to = new Option<string>("--to") { Description = $"Where to restore: {BackupPlaces.Syntax}.", HelpName = "PLACE", Required = true };
        var paths = PathGlobs.Option();
        var delete = new Option<bool>("--delete-extra") { Description = "Remove what is there and not in the snapshot, at the end; with --path, only of those paths." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; compare, and say what would be written, overwritten, left and removed." };
        return context.Command("restore", "Restore a snapshot, bit for bit. What is there and right is left as it is, so that it may be run again.", [.. choice.All, .. options.All, to, paths, delete, dryRun],
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                var target = new BackupPlaces(invocation).Target(invocation.Value(to));
                var restore = new RestoreOptions { DeleteExtra = invocation.Value(delete), Include = PathGlobs.Of(invocation.Value(paths)) };
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var id = await choice.ChooseAsync(invocation, engine, repository, cancellationToken);
                if (invocation.Value(dryRun))
                {
                    using var comparing = new BackupProgressLine(invocation, "compared");
                    return Tell(await engine.PreviewRestoreAsync(repository, id, target, restore, comparing, cancellationToken), target.Description, invocation.Output);
                }

                var began = invocation.Time.GetTimestamp();
                RestoreResult restored;
                using (var progress = new BackupProgressLine(invocation, "restored"))
                {
                    restored = await engine.RestoreAsync(repository, id, target, restore, progress, cancellationToken);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(restored);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(id)} restored to {Output.Text(target.Description)} in {Quantities.Duration(invocation.Time.GetElapsedTime(began))}: "
                        + $"{restored.FilesWritten} files written ({Quantities.Bytes(restored.BytesWritten)}), {restored.FilesUnchanged} were there and right, {restored.FilesDeleted} removed; restore point {Output.Time(restored.Snapshot.RestorePoint)}");
                    foreach (var note in restored.Notes)
                    {
                        invocation.Output.Say($"[yellow]![/] {Output.Text(note)}");
                    }
                }

                return ExitCodes.Success;
            });
    }

    private static int Tell(RestorePreview preview, string target, Output output)
    {
        if (output.IsJson)
        {
            output.Document(preview);
        }
        else
        {
            output.Say($"{Output.Text(preview.Snapshot.Id)} to {Output.Text(target)}: {preview.FilesNew} files would be written new and {preview.FilesOverwritten} in place of others ({Quantities.Bytes(preview.BytesToWrite)}), "
                + $"{preview.FilesUnchanged} are there and right, {preview.FilesDeleted} would be removed; {preview.Others} links and the like would be made. Nothing was written.");
            foreach (var note in preview.Notes)
            {
                output.Say($"[yellow]![/] {Output.Text(note)}");
            }

            foreach (var impossible in preview.Impossible)
            {
                output.Say($"[red]✗[/] {Output.Text(impossible)}");
            }
        }

        return preview.Impossible.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}
