namespace DrFunctions.Recovery.Evidence;

/// <summary>Checks evidence: the chain by itself, then against what every region holds. Pure; needs nothing but the evidence.</summary>
public static class EvidenceVerification
{
    /// <summary>Checks.</summary>
    /// <param name="evidence">As it was collected, or read from a file.</param>
    /// <param name="kept">A last hash that someone kept elsewhere, in lower case; null for none.</param>
    public static EvidenceFinding Verify(RunEvidence evidence, string? kept = null)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var entries = evidence.Entries;
        var chain = EvidenceChain.Verify(entries);
        if (!chain.IsIntact && chain.At < entries.Count)
        {
            return EvidenceFinding.Broken(chain.At, chain.Detail);
        }

        if (entries.Count > 0 && entries[0].RunId != evidence.RunId)
        {
            return EvidenceFinding.Broken(0, $"entry 0 belongs to the run '{entries[0].RunId}', expected '{evidence.RunId}'");
        }

        var copies = evidence.Copies ?? [];
        if (copies.Select(copy => Against(evidence, copy)).FirstOrDefault(finding => finding is not null) is { } broken)
        {
            return broken;
        }

        if (!chain.IsIntact)
        {
            return EvidenceFinding.Broken(chain.At, chain.Detail);
        }

        if (kept is not null && kept != entries[^1].Hash)
        {
            return EvidenceFinding.Broken(entries.Count - 1, $"the last hash is {entries[^1].Hash}, expected the one that was kept, {kept}");
        }

        string[] anchored = [.. copies.Where(copy => copy.Anchor is not null).Select(copy => copy.Place), .. kept is null ? Array.Empty<string>() : ["the kept hash"]];
        return new EvidenceFinding(true, entries.Count, chain.Detail, anchored, [.. copies.SelectMany(copy => Notes(evidence, copy))]);
    }

    private static EvidenceFinding? Against(RunEvidence evidence, EvidenceCopy copy)
    {
        var entries = evidence.Entries;
        for (var index = 0; index < Math.Min(entries.Count, copy.Hashes.Count); index++)
        {
            if (entries[index].Hash != copy.Hashes[index])
            {
                return EvidenceFinding.Broken(index, $"entry {index} is not the one that {copy.Place} holds: hash {entries[index].Hash}, there {copy.Hashes[index]}");
            }
        }

        if (copy.Hashes.Count > entries.Count)
        {
            return EvidenceFinding.Broken(entries.Count, $"entry {entries.Count} is missing: {copy.Place} holds {copy.Hashes.Count} entries, found {entries.Count}");
        }

        return copy.Anchor is { } anchor ? Against(evidence, copy.Place, anchor) : null;
    }

    private static EvidenceFinding? Against(RunEvidence evidence, string place, EvidenceAnchor anchor)
    {
        var entries = evidence.Entries;
        return anchor.RunId != evidence.RunId
                ? EvidenceFinding.Broken(0, $"the anchor in {place} belongs to the run '{anchor.RunId}'")
            : anchor.Entries > entries.Count
                ? EvidenceFinding.Broken(entries.Count, $"entry {entries.Count} is missing: the anchor in {place} counts {anchor.Entries} entries, found {entries.Count}")
            : anchor.Entries < entries.Count
                ? EvidenceFinding.Broken(Math.Max(0, anchor.Entries), $"entry {anchor.Entries} follows the end that the anchor in {place} counts, {anchor.Entries} entries")
            : anchor.Hash != entries[^1].Hash
                ? EvidenceFinding.Broken(entries.Count - 1, $"entry {entries.Count - 1} has the hash {entries[^1].Hash}, the anchor in {place} says {anchor.Hash}: the chain was replaced")
            : null;
    }

    // What cannot be compared is said: it is not known to be good.
    private static IEnumerable<string> Notes(RunEvidence evidence, EvidenceCopy copy)
    {
        if (copy.Unavailable is { } reason)
        {
            yield return $"{copy.Place} could not be read: {reason}";
        }
        else if (copy.Anchor is null)
        {
            yield return $"{copy.Place} holds no anchor";
        }

        if (copy.Unavailable is null && copy.Hashes.Count < evidence.Entries.Count)
        {
            yield return $"{copy.Place} holds {copy.Hashes.Count} of {evidence.Entries.Count} entries";
        }
    }
}

/// <summary>What a check of evidence found.</summary>
/// <param name="IsIntact">Whether nothing contradicts it.</param>
/// <param name="At">Index of the first wrong or missing entry; the number of entries when none is.</param>
/// <param name="Detail">In words.</param>
/// <param name="Anchored">
/// Where the last hash is kept and agrees. When empty, a chain that was replaced as a whole would not have been seen.
/// </param>
/// <param name="Notes">What could not be compared.</param>
public sealed record EvidenceFinding(bool IsIntact, int At, string Detail, IReadOnlyList<string> Anchored, IReadOnlyList<string> Notes)
{
    internal static EvidenceFinding Broken(int at, string detail) => new(false, at, detail, [], []);
}
