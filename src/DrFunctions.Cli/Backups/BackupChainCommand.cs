using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup chain [SNAPSHOT]</c></summary>
internal static class BackupChainCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var choice = new SnapshotChoice();
        var options = new RepositoryOptions();
        return context.Command("chain", "Show which snapshots a snapshot relied on when it was taken, back to the full one. Each restores on its own.", [.. choice.All, .. options.All],
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var chain = await engine.ChainAsync(repository, await choice.ChooseAsync(invocation, engine, repository, cancellationToken), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(chain);
                    return ExitCodes.Success;
                }

                invocation.Output.Say(SnapshotText.Table(chain.Snapshots));
                if (chain.Broken is { } broken)
                {
                    invocation.Output.Say($"[yellow]![/] {Output.Text(broken)} The snapshots above restore all the same.");
                }

                return ExitCodes.Success;
            });
    }
}
