using System.CommandLine;
using System.Globalization;
using DrFunctions.Backup;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup prune</c></summary>
internal static class BackupPruneCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done and why, snapshot by snapshot, and do nothing. Begin with this." };
        var keep = new KeepOptions();
        var options = new RepositoryOptions();
        var grace = new Option<string>("--grace")
        {
            Description = "For how long what is to be removed is still there for those who read: it passes twice before a pack is gone, at least 1h (default 1d).",
            HelpName = "TIME",
            DefaultValueFactory = _ => "1d",
        };
        var unused = new Option<string>("--max-unused")
        {
            Description = "The share of the packs that may be waste, 0% to 100%: beyond it the most wasteful ones are written anew (default 5%).",
            HelpName = "PERCENT",
            DefaultValueFactory = _ => "5%",
        };
        var givenUp = new Option<string[]>("--give-up")
        {
            Description = "A snapshot that cannot be read and for which nothing more is to be kept; while one is left, no pack is removed. May be repeated.",
            HelpName = "SNAPSHOT",
            DefaultValueFactory = _ => [],
        };
        return context.Command(
            "prune",
            "Remove the snapshots that no rule keeps, and what no snapshot needs. Begin with --dry-run. Rules count for each workload, policy and source, and a snapshot that any rule keeps stays; without a rule no snapshot is "
                + "removed. It asks nothing: the snapshots are gone at once; packs go in steps, a grace apart, one for each prune, so that who reads them can end. Legal holds keep what they are on.",
            [dryRun, .. keep.All, .. options.All, grace, unused, givenUp],
            async (invocation, cancellationToken) =>
            {
                var prune = new PruneOptions
                {
                    DryRun = invocation.Value(dryRun),
                    Retention = keep.Read(invocation),
                    MaxUnused = Share(invocation.Value(unused)),
                    GivenUp = Ids("--give-up", invocation.Value(givenUp)),
                };
                prune = prune with { Grace = Times.Read("--grace", invocation.Value(grace), prune.Margin) };
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var result = await PruneAsync(invocation, engine, repository, prune, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(result);
                }
                else
                {
                    PruneText.Tell(invocation.Output, repository.Description, prune, result, result.Decisions);
                }

                return PruneText.Code(result);
            });
    }

    /// <summary>Prunes, with progress.</summary>
    public static async Task<PruneResult> PruneAsync(
        CommandInvocation invocation, BackupEngine engine, OpenedRepository repository, PruneOptions prune, CancellationToken cancellationToken)
    {
        using var progress = new SnapshotProgressLine(invocation);
        return await engine.PruneAsync(repository, prune, progress, cancellationToken);
    }

    /// <summary>Ids that were given.</summary>
    /// <exception cref="CliException">One is none.</exception>
    public static IReadOnlySet<string> Ids(string name, IReadOnlyList<string> ids) => ids.FirstOrDefault(id => !SnapshotId.IsValid(id)) is { } wrong
        ? throw new CliException("BadInput", $"{name} is '{wrong}'; expected a snapshot's id.", "dr backup list shows them.")
        : ids.ToHashSet(StringComparer.Ordinal);

    private static double Share(string text) =>
        text.EndsWith('%') && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
            ? percent / 100
            : throw new CliException("BadInput", $"--max-unused is '{text}'; expected 0% to 100%.", "Leave it out for 5%.");
}
