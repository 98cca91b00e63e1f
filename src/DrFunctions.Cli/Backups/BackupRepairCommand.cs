using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Repairs;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup repair</c></summary>
internal static class BackupRepairCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new RepositoryOptions();
        var from = new Option<string?>("--from") { Description = $"The other region's copy of the repository: {BackupPlaces.Syntax}.", HelpName = "PLACE" };
        var source = new Option<string?>("--source") { Description = $"What the backups were taken of, where content is looked for that is nowhere else: {BackupPlaces.Syntax}.", HelpName = "PLACE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; say what is damaged and what the copy has. What only the source or single chunks could save counts as lost." };
        return context.Command(
            "repair", "Heal a repository from its copy and from the source, and say what was saved and what was not; fails when anything is lost.", [.. options.All, from, source, dryRun],
            async (invocation, cancellationToken) =>
            {
                var places = new BackupPlaces(invocation);
                var place = options.Place(invocation);
                var repair = new RepairOptions
                {
                    Copy = invocation.Value(from) is { } copy ? places.Repository(copy) : null,
                    Source = invocation.Value(source) is { } origin ? places.Source(origin) : null,
                    DryRun = invocation.Value(dryRun),
                };
                var secrets = await options.SecretsAsync(invocation, cancellationToken);
                RepairResult result;
                using (var progress = new BackupProgressLine(invocation, "verified"))
                {
                    result = await new BackupEngine(time: invocation.Time).RepairAsync(place, secrets, repair, progress, cancellationToken);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(result);
                }
                else
                {
                    Tell(result, place.Description, invocation.Output);
                }

                return result.IsWhole ? ExitCodes.Success : ExitCodes.NotVerified;
            });
    }

    private static void Tell(RepairResult result, string place, Output output)
    {
        foreach (var item in result.Objects)
        {
            output.Raw($"{WordOf(item.Outcome),-13} {SnapshotText.Path(item.Key)}: {item.Found}");
        }

        if (result.ChunksFromHere + result.ChunksFromCopy + result.ChunksFromSource is > 0 and var chunks)
        {
            output.Say($"{chunks} chunks of lost packs are saved: {result.ChunksFromHere} were here still, {result.ChunksFromCopy} are from the copy, {result.ChunksFromSource} from the source");
        }

        foreach (var file in result.Affected)
        {
            output.Raw($"lost          {SnapshotText.Path(file.SnapshotId)}  {(file.Path is { } path ? SnapshotText.Path(path) : "(its list of files cannot be read)")}: {file.Reason}");
        }

        if (result.AffectedCount > result.Affected.Count)
        {
            output.Say($"… and {result.AffectedCount - result.Affected.Count} more");
        }

        var damaged = result.Objects.Count;
        output.Say(
            !result.IsWhole ? $"[red]✗[/] {Output.Text(place)}: {damaged} objects were damaged or missing; {result.Objects.Count(item => item.Outcome == RepairOutcome.NotSaved)} are not saved, and {result.AffectedCount} files of snapshots cannot be restored"
            : damaged == 0 ? $"[green]✓[/] {Output.Text(place)}: nothing is missing or damaged"
            : result.Objects.Any(item => item.Outcome == RepairOutcome.CanBeHealed) ? $"[green]✓[/] {Output.Text(place)}: {damaged} objects are damaged or missing, and nothing is lost; nothing was written"
            : $"[green]✓[/] {Output.Text(place)}: {damaged} objects were damaged or missing, and nothing is lost");
    }

    private static string WordOf(RepairOutcome outcome) => outcome switch
    {
        RepairOutcome.Healed => "healed",
        RepairOutcome.CanBeHealed => "can be healed",
        RepairOutcome.PutAside => "put aside",
        _ => "not saved",
    };
}
