using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Listings;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup dump SNAPSHOT PATH</c></summary>
internal static class BackupDumpCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var choice = new SnapshotChoice(isNamed: true);
        var path = new Argument<string>("PATH") { Description = "The file, as dr backup show lists it." };
        var options = new RepositoryOptions();
        var output = new Option<string?>("--output") { Description = "Write it to this new file, which is there only whole, instead of standard output.", HelpName = "FILE" };
        return context.Command(
            "dump", "Write one file of a snapshot to standard output. Every byte is authenticated before it is written; when it is cut off, the exit code says so.", [.. choice.All, path, .. options.All, output],
            async (invocation, cancellationToken) =>
            {
                var target = invocation.Value(output);
                if (target is null)
                {
                    if (invocation.Output.IsJson)
                    {
                        throw new CliException("BadInput", "--json is given without --output: standard output cannot carry the file and a document.", "Name a file with --output.");
                    }

                    invocation.SpeakOnError();
                }

                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var id = await choice.ChooseAsync(invocation, engine, repository, cancellationToken);
                Task<SnapshotFile> DumpAsync(Stream stream) => engine.DumpAsync(repository, id, invocation.Value(path), stream, cancellationToken: cancellationToken);
                if (target is null)
                {
                    await using var stream = invocation.Host.OpenOutput();
                    await DumpAsync(stream);
                    return ExitCodes.Success;
                }

                var file = await WriteAsync(Path.GetFullPath(target), DumpAsync);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new DumpedFile(id, file.Entry.Path, file.Entry.Length, Path.GetFullPath(target)));
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(SnapshotText.Path(file.Entry.Path))} of {Output.Text(id)} is in {Output.Text(target)} ({Quantities.Bytes(file.Entry.Length)})");
                }

                return ExitCodes.Success;
            });
    }

    // Beside it, and then under its name: nobody takes a part for the whole.
    private static async Task<SnapshotFile> WriteAsync(string file, Func<Stream, Task<SnapshotFile>> dump)
    {
        if (Path.Exists(file))
        {
            throw new CliException("BadInput", $"--output: {file} is there already; nothing in it was changed.", "Name a new file.");
        }

        var beside = Path.Combine(Path.GetDirectoryName(file) ?? "", $".{Path.GetRandomFileName()}.part");
        try
        {
            SnapshotFile dumped;
            await using (var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous }))
            {
                dumped = await dump(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, file, overwrite: false);
            return dumped;
        }
        finally
        {
            File.Delete(beside); // It is not there when it was moved.
        }
    }

    private sealed record DumpedFile(string Snapshot, string Path, long Length, string Output);
}
