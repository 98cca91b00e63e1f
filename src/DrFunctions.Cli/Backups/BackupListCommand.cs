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
        var options = new RepositoryOptions();
        return context.Command("list", "List the snapshots of a repository, oldest restore point first.", options.All,
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var snapshots = new List<Snapshot>();
                await foreach (var snapshot in engine.ListAsync(repository, cancellationToken))
                {
                    snapshots.Add(snapshot);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { snapshots });
                }
                else if (snapshots.Count == 0)
                {
                    invocation.Output.Say($"{Output.Text(repository.Description)} holds no snapshot.");
                }
                else
                {
                    invocation.Output.Say(SnapshotText.Table(snapshots));
                }

                return ExitCodes.Success;
            });
    }
}
