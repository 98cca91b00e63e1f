using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Evidence;

/// <summary>
/// What a sealed journal came to, kept beside it in both regions and never changed: each region's anchor tells whether the other
/// region's journal, or its own, was cut or replaced as a whole, which the chain itself cannot tell.
/// </summary>
/// <param name="Schema">1.</param>
/// <param name="RunId">The run.</param>
/// <param name="Entries">How many entries the journal has.</param>
/// <param name="Hash">The last entry's hash.</param>
/// <param name="At">When the run ended.</param>
public sealed record EvidenceAnchor(int Schema, string RunId, int Entries, string Hash, DateTimeOffset At)
{
    /// <summary>The document's key.</summary>
    public static string Key(string runId) => $"runs/{runId}/anchor";

    /// <summary>The anchor of a journal; null while it is not sealed.</summary>
    /// <param name="entries">The whole journal.</param>
    public static EvidenceAnchor? Of(IReadOnlyList<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return entries is [.., { Kind: JournalKind.RunEnded, Hash: { } hash } last]
            ? new EvidenceAnchor(1, last.RunId, entries.Count, hash, last.At)
            : null;
    }
}
