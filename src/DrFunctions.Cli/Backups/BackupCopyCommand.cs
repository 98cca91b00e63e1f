using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup copy [SNAPSHOT]</c></summary>
internal static class BackupCopyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var snapshot = BackupOptions.Snapshot("the one with the newest restore point");
        var repository = BackupOptions.Repository();
        var to = new Option<string>("--to") { Description = $"The other repository: {BackupPlaces.Syntax}.", HelpName = "PLACE", Required = true };
        return context.Command("copy", "Copy a snapshot to another repository, verified.", [snapshot, repository, to],
            async (invocation, cancellationToken) =>
            {
                var places = new BackupPlaces(invocation);
                var engine = new BackupEngine(time: invocation.Time);
                var from = places.Repository(invocation.Value(repository));
                var id = await BackupOptions.ChooseAsync(engine, from, invocation.Value(snapshot), invocation.Output, cancellationToken);
                var other = places.Repository(invocation.Value(to));
                var began = invocation.Time.GetTimestamp();
                CopyResult copied;
                using (var progress = new BackupProgressLine(invocation, "copied"))
                {
                    copied = await engine.CopyAsync(from, other, id, progress, cancellationToken);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(copied);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(id)} copied to {Output.Text(other.Description)} in {Quantities.Duration(invocation.Time.GetElapsedTime(began))}: "
                        + $"{Quantities.Bytes(copied.BytesCopied)} written, {Quantities.Bytes(copied.BytesReused)} were there and right");
                }

                return ExitCodes.Success;
            });
    }
}
