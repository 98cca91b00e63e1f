using System.CommandLine;
using System.Globalization;
using DrFunctions.Backup;
using DrFunctions.Backup.Checks;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup check</c></summary>
internal static class BackupCheckCommand
{
    private const int Shown = 20;
    private const int MostTurns = 10_000;

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new RepositoryOptions();
        var read = new Option<string>("--read")
        {
            Description = "How much data is read beside all snapshots and their manifests: all, none, or a part by turns, such as 3/7 for the third of seven.",
            HelpName = "PART",
            DefaultValueFactory = _ => "all",
        };
        return context.Command("check", "Verify a repository: that every file of every snapshot restores.", [.. options.All, read],
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                var part = Part(invocation.Value(read));
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                RepositoryCheckResult found;
                using (var progress = new BackupProgressLine(invocation, "verified"))
                {
                    found = await engine.CheckAsync(repository, part, progress, cancellationToken);
                }

                return Tell(found, repository.Description, invocation.Output);
            });
    }

    private static RepositoryCheckOptions Part(string text)
    {
        if (text is "all" or "none")
        {
            return new RepositoryCheckOptions(Turns: text == "all" ? 1 : 0);
        }

        return text.Split('/') is [var turn, var turns]
            && int.TryParse(turn, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(turns, NumberStyles.None, CultureInfo.InvariantCulture, out var all)
            && number >= 1 && number <= all && all <= MostTurns
                ? new RepositoryCheckOptions(all, number - 1)
                : throw new CliException("BadInput", $"--read is '{text}'; expected all, none, or a part such as 3/7, of at most {MostTurns}.", "Leave it out to read all data.");
    }

    private static int Tell(RepositoryCheckResult found, string repository, Output output)
    {
        if (output.IsJson)
        {
            output.Document(found);
            return found.IsClean ? ExitCodes.Success : ExitCodes.NotVerified;
        }

        if (!found.IsClean)
        {
            throw new CliException("NotVerified", $"{repository}: {found.ProblemCount} problems in {found.Snapshots} snapshots and {found.PacksRead} of {found.Packs} packs.",
                "Restore from another repository (dr backup list shows its snapshots), and take a new backup.")
            {
                Details = [.. found.Problems.Take(Shown).Select(problem => $"{problem.SnapshotId} {problem.Path}: {problem.Code}: {problem.Message}".TrimStart(' ', ':'))],
            };
        }

        output.Say($"[green]✓[/] {Output.Text(repository)}: {found.Snapshots} snapshots, {found.PacksRead} of {found.Packs} packs read, {Quantities.Bytes(found.BytesRead)}: nothing is missing or damaged.");
        return ExitCodes.Success;
    }
}
