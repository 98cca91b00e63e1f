using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Listings;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup diff BEFORE AFTER</c></summary>
internal static class BackupDiffCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var before = new Argument<string>("BEFORE") { Description = "A snapshot's id." };
        var after = new Argument<string>("AFTER") { Description = "Another one's." };
        var options = new RepositoryOptions();
        var paths = PathGlobs.Option();
        return context.Command("diff", "Compare two snapshots: + added, - removed, M another content, m the same content with another time or metadata; with --json, a document a line.", [before, after, .. options.All, paths],
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var include = PathGlobs.Of(invocation.Value(paths));
                var counts = new long[Enum.GetValues<FileChange>().Length];
                await foreach (var difference in engine.DiffAsync(repository, invocation.Value(before), invocation.Value(after), cancellationToken))
                {
                    if (include?.Invoke(difference.Path) != false)
                    {
                        counts[(int)difference.Change]++;
                        Tell(difference, invocation.Output);
                    }
                }

                invocation.Output.Say($"{counts[(int)FileChange.Added]} added, {counts[(int)FileChange.Removed]} removed, {counts[(int)FileChange.Changed]} changed, {counts[(int)FileChange.Touched]} with another time or metadata");
                return ExitCodes.Success;
            });
    }

    private static void Tell(FileDifference difference, Output output)
    {
        var (old, now) = (difference.Before?.Entry.Length, difference.After?.Entry.Length);
        if (output.IsJson)
        {
            output.Line(new ShownDifference(difference.Change, difference.Path, old, now));
            return;
        }

        var sign = difference.Change switch
        {
            FileChange.Added => '+',
            FileChange.Removed => '-',
            FileChange.Changed => 'M',
            _ => 'm',
        };
        var length = old == now || (old ?? now) is not { } known ? "" : old is null || now is null ? $"  {Quantities.Bytes(known)}" : $"  {Quantities.Bytes(known)} → {Quantities.Bytes(now.Value)}";
        output.Raw($"{sign} {SnapshotText.Path(difference.Path)}{length}");
    }

    private sealed record ShownDifference(FileChange Change, string Path, long? LengthBefore, long? LengthAfter);
}
