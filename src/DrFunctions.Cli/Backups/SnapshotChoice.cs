using System.CommandLine;
using System.Globalization;
using DrFunctions.Backup;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary>Which snapshot: by its id, or the newest of a workload and policy, now or at a time.</summary>
internal sealed class SnapshotChoice
{
    private const string Newest = "latest";

    private readonly Argument<string?> _snapshot;

    private readonly Option<string?> _at = new("--at")
    {
        Description = "The newest one that is not later than this time, such as 2026-11-22T14:00Z; without a zone, UTC.",
        HelpName = "TIME",
    };

    private readonly Option<string?> _workload = new("--workload") { Description = "Only of this workload.", HelpName = "NAME" };
    private readonly Option<string?> _policy = new("--policy") { Description = "Only of this policy.", HelpName = "NAME" };

    /// <summary>The choice of a verb.</summary>
    /// <param name="isNamed">Whether something else follows, so that the newest one is asked for by a word.</param>
    public SnapshotChoice(bool isNamed = false) => _snapshot = isNamed
        ? new("SNAPSHOT") { Description = $"A snapshot's id, or '{Newest}' for the one with the newest restore point." }
        : new("SNAPSHOT") { Description = "A snapshot's id; left out, the one with the newest restore point.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null };

    /// <summary>For a command's list.</summary>
    public IReadOnlyList<Symbol> All => [_snapshot, _at, _workload, _policy];

    /// <summary>The id that was given, or the newest snapshot's that fits; what was passed over for it is said.</summary>
    /// <exception cref="CliException">The repository holds none, or both an id and a time were given.</exception>
    public async Task<string> ChooseAsync(CommandInvocation invocation, BackupEngine engine, OpenedRepository repository, CancellationToken cancellationToken)
    {
        var filter = new SnapshotFilter { Workload = invocation.Value(_workload), Policy = invocation.Value(_policy), At = At(invocation.Value(_at)) };
        if (invocation.Value(_snapshot) is { } given and not Newest)
        {
            return filter == new SnapshotFilter() ? given : throw new CliException(
                "BadInput", $"The snapshot {given} is named, and --at, --workload or --policy as well.", "Name the snapshot, or say how to choose one.");
        }

        var latest = await engine.LatestAsync(repository, filter, cancellationToken);
        foreach (var skipped in latest.Skipped)
        {
            invocation.Output.Say($"[yellow]![/] passed over: {Output.Text(skipped)}");
        }

        return latest.Snapshot?.Id ?? throw new CliException(
            "NotFound",
            $"{repository.Description} holds no snapshot{(filter == new SnapshotFilter() ? "" : " that fits")}{(latest.Skipped.Count > 0 ? " that can be read" : "")}.",
            "dr backup list shows what there is; dr backup run takes one.");
    }

    private static DateTimeOffset? At(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new CliException("BadInput", $"--at is '{text}'; expected a time, such as 2026-11-22T14:00Z.", "Write it as ISO 8601 does; without a zone it is UTC.");
}
