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
        var snapshot = BackupOptions.Snapshot("the one with the newest restore point");
        var repository = BackupOptions.Repository();
        var to = new Option<string>("--to") { Description = $"Where to restore: {BackupPlaces.Syntax}.", HelpName = "PLACE", Required = true };
        var delete = new Option<bool>("--delete-extra") { Description = "Remove what is there and not in the snapshot, at the end." };
        return context.Command("restore", "Restore a snapshot, bit for bit.", [snapshot, repository, to, delete],
            async (invocation, cancellationToken) =>
            {
                var places = new BackupPlaces(invocation);
                var engine = new BackupEngine(time: invocation.Time);
                var from = places.Repository(invocation.Value(repository));
                var id = await BackupOptions.ChooseAsync(engine, from, invocation.Value(snapshot), invocation.Output, cancellationToken);
                var target = places.Target(invocation.Value(to));
                var began = invocation.Time.GetTimestamp();
                RestoreResult restored;
                using (var progress = new BackupProgressLine(invocation, "restored"))
                {
                    restored = await engine.RestoreAsync(
                        from, id, target, new RestoreOptions { DeleteExtra = invocation.Value(delete) }, progress, cancellationToken);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(restored);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(id)} restored to {Output.Text(target.Description)} in {Quantities.Duration(invocation.Time.GetElapsedTime(began))}: "
                        + $"{restored.FilesWritten} files written ({Quantities.Bytes(restored.BytesWritten)}), {restored.FilesUnchanged} were there and right, {restored.FilesDeleted} removed; restore point {Output.Time(restored.Snapshot.RestorePoint)}");
                }

                return ExitCodes.Success;
            });
    }
}
