using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Evidence;

/// <summary>Checks the hash chain of a journal.</summary>
public static class EvidenceChain
{
    /// <summary>Checks every hash, every link, the sequence and that one run is spoken of throughout.</summary>
    public static EvidenceCheck Verify(IReadOnlyList<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
        {
            return new EvidenceCheck(false, 0, "there is no entry");
        }

        var previous = JournalEntry.Genesis;
        for (var index = 0; index < entries.Count; index++)
        {
            var entry = entries[index];
            var fault = entry.Sequence != index ? $"entry {index} says that it is entry {entry.Sequence}"
                : entry.RunId != entries[0].RunId ? $"entry {index} belongs to the run '{entry.RunId}'"
                : entry.Previous != previous ? $"entry {index} is not chained to the one before it"
                : entry.Hash != entry.ComputeHash() ? $"entry {index} was changed: its hash does not match its content"
                : entry.Kind == JournalKind.RunEnded && index < entries.Count - 1 ? $"entry {index} ends the run, and others follow"
                : null;
            if (fault is not null)
            {
                return new EvidenceCheck(false, index, fault);
            }

            previous = entry.Hash!; // Equal to a computed hash, as just checked.
        }

        return entries[^1].Kind == JournalKind.RunEnded
            ? new EvidenceCheck(true, entries.Count, $"{entries.Count} entries, last hash {previous}")
            : new EvidenceCheck(false, entries.Count, "the journal has no end: entries are missing, or the run is not over");
    }
}

/// <summary>What the check found.</summary>
/// <param name="IsIntact">Whether the whole chain holds.</param>
/// <param name="At">Index of the first faulty entry; the number of entries when none is.</param>
/// <param name="Detail">In words.</param>
public sealed record EvidenceCheck(bool IsIntact, int At, string Detail);
