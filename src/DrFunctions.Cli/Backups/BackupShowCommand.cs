using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Listings;
using DrFunctions.Backup.Sources;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup show [SNAPSHOT]</c></summary>
internal static class BackupShowCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var choice = new SnapshotChoice();
        var options = new RepositoryOptions();
        var paths = PathGlobs.Option();
        return context.Command("show", "List the files of a snapshot, as they are read; with --json, a document for the snapshot and one for each file, a line each.", [.. choice.All, .. options.All, paths],
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var id = await choice.ChooseAsync(invocation, engine, repository, cancellationToken);
                var include = PathGlobs.Of(invocation.Value(paths));
                var snapshot = await engine.FindAsync(repository, id, cancellationToken) ?? throw new CliException(
                    "NotFound", $"There is no snapshot {id} in {repository.Description}.", "dr backup list shows what there is.");
                Tell(snapshot, invocation.Output);
                await foreach (var file in engine.ListFilesAsync(repository, id, cancellationToken))
                {
                    if (include?.Invoke(file.Entry.Path) != false)
                    {
                        Tell(file, invocation.Output);
                    }
                }

                return ExitCodes.Success;
            });
    }

    private static void Tell(Snapshot snapshot, Output output)
    {
        if (output.IsJson)
        {
            output.Line(new { snapshot });
            return;
        }

        output.Say($"{Output.Text(snapshot.Id)}: {Output.Text(snapshot.Workload)}/{Output.Text(snapshot.Policy)} of {Output.Text(snapshot.Source)}, {SnapshotText.Kind(snapshot)}, restore point {Output.Time(snapshot.RestorePoint)}");
    }

    private static void Tell(SnapshotFile file, Output output)
    {
        if (output.IsJson)
        {
            output.Line(new ShownFile(file.Entry.Path, file.Entry.Kind, file.Entry.Length, file.Entry.LastModified, file.Skipped));
            return;
        }

        output.Raw($"{Output.Time(file.Entry.LastModified)} {Quantities.Bytes(file.Entry.Length),10}  {SnapshotText.Path(file.Entry.Path)}{(file.Skipped is { } why ? $"  ({why})" : "")}");
    }

    private sealed record ShownFile(string Path, EntryKind Kind, long Length, DateTimeOffset LastModified, string? Skipped);
}
