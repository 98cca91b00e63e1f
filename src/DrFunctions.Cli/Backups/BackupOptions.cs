using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary>Options that several backup verbs share.</summary>
internal static class BackupOptions
{
    /// <summary><c>--repository</c>.</summary>
    public static Option<string> Repository() => new("--repository", "-r")
    {
        Description = $"Where the backups live: {BackupPlaces.Syntax}.",
        HelpName = "PLACE",
        Required = true,
    };

    /// <summary>A snapshot that may be left out.</summary>
    public static Argument<string?> Snapshot(string otherwise) => new("SNAPSHOT")
    {
        Description = $"A snapshot's id; left out, {otherwise}.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
    };

    /// <summary>The id that was given, or the newest snapshot's; what was passed over for it is said.</summary>
    /// <exception cref="CliException">The repository holds none.</exception>
    public static async Task<string> ChooseAsync(
        BackupEngine engine, IRepository repository, string? given, Output output, CancellationToken cancellationToken)
    {
        if (given is not null)
        {
            return given;
        }

        var latest = await engine.LatestAsync(repository, cancellationToken: cancellationToken);
        foreach (var skipped in latest.Skipped)
        {
            output.Say($"[yellow]![/] passed over: {Output.Text(skipped)}");
        }

        return latest.Snapshot?.Id ?? throw new CliException(
            "NotFound",
            $"{repository.Description} holds no snapshot{(latest.Skipped.Count > 0 ? " that can be read" : "")}.",
            "Take one with dr backup run, or name another repository.");
    }
}
