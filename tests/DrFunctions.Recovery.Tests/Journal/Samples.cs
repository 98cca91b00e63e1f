using DrFunctions.Recovery.Journal;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Journal;

internal static class Samples
{
    public static JournalEntry Draft(int sequence, JournalKind kind, int? step = null, params (string Name, string Value)[] facts) => new(
        1,
        "shop-run-1",
        sequence,
        kind,
        MovableClock.Start + TimeSpan.FromSeconds(10 * sequence),
        step,
        new SortedDictionary<string, string>(facts.ToDictionary(fact => fact.Name, fact => fact.Value), StringComparer.Ordinal),
        JournalEntry.Genesis,
        null);

    /// <summary>Chains and seals.</summary>
    public static IReadOnlyList<JournalEntry> Chain(params IEnumerable<JournalEntry> drafts)
    {
        var entries = new List<JournalEntry>();
        foreach (var draft in drafts)
        {
            entries.Add((draft with { Sequence = entries.Count, Previous = entries.LastOrDefault()?.Hash ?? JournalEntry.Genesis }).Sealed());
        }

        return entries;
    }

    /// <summary>A failover of three steps that ended well: fenced after 20 s, proven after 60 s, its store restored to one minute before it began.</summary>
    public static IReadOnlyList<JournalEntry> Failover(Func<JournalEntry, JournalEntry>? change = null)
    {
        change ??= entry => entry;
        return Chain(new[]
        {
            Draft(
                0,
                JournalKind.RunStarted,
                null,
                ("workload", "shop"),
                ("runbook", "failover"),
                ("mode", "Unplanned"),
                ("planVersion", "v1"),
                ("epoch", "3"),
                ("startedBy", "ops"),
                ("reason", "the region is lost"),
                ("detectedAt", "2026-03-01T02:59:30.0000000+00:00"),
                ("rpoSeconds", "900"),
                ("rtoSeconds", "3600"),
                ("stores", "files"),
                ("pauseLimitSeconds", "3600"),
                ("steps", "3"),
                ("step00.name", "fence"),
                ("step00.kind", "fence"),
                ("step00.effect", "Reversible"),
                ("step00.timeoutSeconds", "600"),
                ("step01.name", "restore"),
                ("step01.kind", "restore"),
                ("step01.effect", "Irreversible"),
                ("step01.timeoutSeconds", "3600"),
                ("step02.name", "prove"),
                ("step02.kind", "prove"),
                ("step02.effect", "ReadOnly"),
                ("step02.timeoutSeconds", "300")),
            Draft(1, JournalKind.StepStarted, 0),
            Draft(2, JournalKind.StepCompleted, 0, ("summary", "stopped")),
            Draft(3, JournalKind.StepStarted, 1, ("snapshot", "files-1")),
            Draft(4, JournalKind.StepCompleted, 1, ("summary", "restored"), ("store", "files"), ("restorePoint", "2026-03-01T02:59:00.0000000+00:00")),
            Draft(5, JournalKind.StepStarted, 2),
            Draft(6, JournalKind.StepCompleted, 2, ("summary", "answers 200")),
            Draft(7, JournalKind.RunEnded, null, ("state", "Completed")),
        }.Select(change));
    }
}
