using System.Globalization;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Retention;
using DrFunctions.Cli.Terminal;
using DrFunctions.Plans.Fields;

namespace DrFunctions.Cli.Backups;

/// <summary>What a prune did, or would do, as people read it.</summary>
internal static class PruneText
{
    /// <summary>Says it all.</summary>
    /// <param name="output">To whom.</param>
    /// <param name="repository">Where.</param>
    /// <param name="prune">What was asked.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="shown">The decisions that are shown; of a real run those by which something went.</param>
    public static void Tell(Output output, string repository, PruneOptions prune, PruneResult result, IEnumerable<RetentionDecision> shown)
    {
        var rows = shown.Where(decision => prune.DryRun || !decision.IsKept || decision.NeedsAPerson).ToList();
        if (rows.Count > 0)
        {
            output.Say(Table(prune, result, rows));
        }

        var would = prune.DryRun ? "would be " : "";
        var kept = result.Decisions.Count - result.SnapshotsRemoved;
        output.Say($"{(prune.DryRun ? "[yellow]dry run[/]" : "[green]✓[/]")} {Output.Text(repository)}: {result.SnapshotsRemoved} snapshots {would}removed, {kept} kept");
        if (!prune.DryRun && result.PacksRemoved > 0)
        {
            output.Say($"  removed  {result.PacksRemoved} packs that nothing needed, {Quantities.Bytes(result.BytesRemoved)}");
        }

        if (result.BytesRewritten > 0)
        {
            output.Say($"  written  {Quantities.Bytes(result.BytesRewritten)} anew, out of packs that are mostly waste");
        }

        if (result.NextStepAt is { } next)
        {
            output.Say($"  waiting  {result.PacksWaiting} packs, {Quantities.Bytes(result.BytesWaiting)}, that later prunes remove: the next step can be taken from {Output.Time(next)} on, "
                + $"and each pack takes three steps, {Durations.Text(prune.Grace)} apart");
        }

        foreach (var id in result.Abandoned)
        {
            output.Say($"  ended    the backup {Output.Text(id)}, which began more than {Durations.Text(prune.WriterLife)} ago");
        }

        foreach (var copy in result.UnfinishedCopies)
        {
            output.Say($"[yellow]![/] packs wait for a copy that was not ended: {Output.Text(copy)}");
        }

        foreach (var refused in result.Refused)
        {
            output.Say($"[yellow]![/] the storage refuses to remove {Output.Text(refused)}");
        }

        foreach (var blocked in result.Blocked)
        {
            output.Say($"[red]![/] no pack {(prune.DryRun ? "would be" : "was")} removed: {Output.Text(blocked)}");
        }
    }

    /// <summary>The exit code: what blocks is data that are not what they should be.</summary>
    public static int Code(PruneResult result) => result.Blocked.Count > 0 ? ExitCodes.NotVerified : result.Refused.Count > 0 ? ExitCodes.Failed : ExitCodes.Success;

    private static Listing Table(PruneOptions prune, PruneResult result, IEnumerable<RetentionDecision> decisions)
    {
        var table = new Listing("snapshot", "workload", "policy", "restore point", "decision", "why");
        foreach (var decision in decisions)
        {
            var word = decision.IsKept ? "[green]keep[/]"
                : prune.DryRun ? "[red]remove[/]"
                : result.Refused.Any(refused => refused.StartsWith($"'snapshots/{decision.Snapshot.Id}'", StringComparison.Ordinal)) ? "[yellow]refused[/]"
                : "[red]removed[/]";
            table.AddRow(
                Output.Text(decision.Snapshot.Id),
                Output.Text(decision.Snapshot.Workload),
                Output.Text(decision.Snapshot.Policy),
                Output.Time(decision.Snapshot.RestorePoint),
                word,
                Output.Text(string.Join("; ", decision.Reasons.Select(Why))));
        }

        return table;
    }

    private static string Why(RetentionReason reason) => $"{Word(reason.Cause)}: {reason.Text}";

    private static string Word(RetentionCause cause) => cause switch
    {
        RetentionCause.NoRule => "no rule",
        RetentionCause.NotAsked => "not asked",
        _ => cause.ToString().ToLower(CultureInfo.InvariantCulture),
    };
}
