using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Evidence;

/// <summary>All that proves what a run did; can be kept as a file and checked without the app.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Entries">Its journal, as the control region holds it.</param>
public sealed record RunEvidence(string RunId, IReadOnlyList<JournalEntry> Entries)
{
    /// <summary>What each region holds of it; null in what was written before regions were compared.</summary>
    public IReadOnlyList<EvidenceCopy>? Copies { get; init; }
}

/// <summary>What a region holds of a run.</summary>
/// <param name="Place">The region's part: <c>control</c> or <c>mirror</c>.</param>
/// <param name="Hashes">The hash of each entry there, in order; of a mirror computed from its content.</param>
/// <param name="Anchor">The anchor there; null when there is none.</param>
/// <param name="Unavailable">Why not all of it could be read; null when it could.</param>
public sealed record EvidenceCopy(string Place, IReadOnlyList<string> Hashes, EvidenceAnchor? Anchor, string? Unavailable);
