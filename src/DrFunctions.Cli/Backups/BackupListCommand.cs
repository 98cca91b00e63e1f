using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup list</c></summary>
internal static class BackupListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var repository = BackupOptions.Repository();
        return context.Command("list", "List the snapshots of a repository, oldest restore point first.", [repository],
            async (invocation, cancellationToken) =>
            {
                var from = new BackupPlaces(invocation).Repository(invocation.Value(repository));
                var snapshots = new List<Snapshot>();
                await foreach (var snapshot in new BackupEngine(time: invocation.Time).ListAsync(from, cancellationToken))
                {
                    snapshots.Add(snapshot);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { snapshots });
                }
                else if (snapshots.Count == 0)
                {
                    invocation.Output.Say($"{Output.Text(from.Description)} holds no snapshot.");
                }
                else
                {
                    var table = new Listing("snapshot", "workload", "policy", "restore point", "files", "bytes", "missing");
                    foreach (var snapshot in snapshots)
                    {
                        table.AddRow(
                            Output.Text(snapshot.Id), Output.Text(snapshot.Workload), Output.Text(snapshot.Policy), Output.Time(snapshot.RestorePoint),
                            $"{snapshot.Files}", Quantities.Bytes(snapshot.Bytes), $"{snapshot.Unread}");
                    }

                    invocation.Output.Say(table);
                }

                return ExitCodes.Success;
            });
    }
}
