using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Copies;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup copy</c></summary>
internal static class BackupCopyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new RepositoryOptions();
        var to = new Option<string>("--to") { Description = $"The other place, empty or a copy: {BackupPlaces.Syntax}.", HelpName = "PLACE", Required = true };
        var verify = new Option<CopyVerification>("--verify")
        {
            Description = "What is read back of that which the storage copied itself: all of it, one in sixteen, or none, but for the lengths. What this machine sends is verified either way.",
            DefaultValueFactory = _ => CopyVerification.All,
        };
        var here = new Option<bool>("--no-server-side") { Description = "Send everything through this machine; otherwise the storage is asked to fetch it itself, where it can." };
        return context.Command("copy", "Copy a repository to another place, where the same secrets open it; sends only what is not there.", [.. options.All, to, verify, here],
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                var other = new BackupPlaces(invocation).Repository(invocation.Value(to));
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var began = invocation.Time.GetTimestamp();
                RepositoryCopy copied;
                using (var progress = new BackupProgressLine(invocation, "copied"))
                {
                    copied = await engine.CopyAsync(
                        repository, other, new CopyOptions { Verification = invocation.Value(verify), ServerSide = !invocation.Value(here) }, progress, cancellationToken);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(copied);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {copied.Snapshots} snapshots are in {Output.Text(other.Description)}, in {Quantities.Duration(invocation.Time.GetElapsedTime(began))}: "
                        + $"{copied.ObjectsCopied} objects copied ({Quantities.Bytes(copied.BytesCopied)}), {copied.ObjectsReused} were there"
                        + (copied.RemovedThere > 0 ? $"; {copied.RemovedThere} snapshots were removed there, and are not brought back" : ""));
                    if (copied.DifferingSlots.Count > 0)
                    {
                        invocation.Output.Say($"[yellow]![/] key slots are not the same there: {Output.Text(string.Join(", ", copied.DifferingSlots))}; dr backup key changes them in each place");
                    }
                }

                return ExitCodes.Success;
            });
    }
}
