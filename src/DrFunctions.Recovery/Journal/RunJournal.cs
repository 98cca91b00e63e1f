using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Journal;

/// <summary>
/// The journals of runs, appended by create only. Appending is idempotent: an entry that already exists at its sequence stays as
/// it is and is returned, so an activity that runs twice leaves one entry.
/// </summary>
public sealed class RunJournal(IDocumentStore documents)
{
    /// <summary>Appends an entry at its sequence; the entries before it must exist.</summary>
    /// <param name="draft">The entry; its previous hash and hash are filled in here.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>
    /// The entry that stands at that sequence now: of the draft's kind, or the other way that a step ends, or the run's end where a
    /// step was to begin and the reverse.
    /// </returns>
    /// <exception cref="RecoveryException">
    /// The entry before is missing (<c>JournalGap</c>), or an entry that never belongs there stands there (<c>JournalConflict</c>).
    /// </exception>
    public async Task<JournalEntry> AppendAsync(JournalEntry draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (await FindAsync(draft.RunId, draft.Sequence, cancellationToken) is { } standing)
        {
            return Same(draft, standing);
        }

        var previous = JournalEntry.Genesis;
        if (draft.Sequence > 0)
        {
            var before = await FindAsync(draft.RunId, draft.Sequence - 1, cancellationToken)
                ?? throw new RecoveryException(
                    "JournalGap",
                    $"The journal of '{draft.RunId}' has no entry {draft.Sequence - 1}, so {draft.Sequence} cannot be appended.",
                    isTransient: false,
                    "Restore the entry from the mirror account.");
            previous = before.Hash ?? before.ComputeHash(); // One that lost its hash is found by the check, not here.
        }

        var entry = (draft with { Previous = previous }).Sealed();
        if (await documents.TryCreateAsync(Key(entry.RunId, entry.Sequence), entry, cancellationToken))
        {
            return entry;
        }

        var other = await FindAsync(entry.RunId, entry.Sequence, cancellationToken)
            ?? throw new DocumentStoreException($"'{Key(entry.RunId, entry.Sequence)}' exists and cannot be read.", isTransient: true);
        return Same(draft, other);
    }

    /// <summary>The entry at a sequence; null when there is none.</summary>
    public async Task<JournalEntry?> FindAsync(string runId, int sequence, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<JournalEntry>(Key(runId, sequence), cancellationToken))?.Value;

    /// <summary>All entries in order.</summary>
    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        // A journal is two entries a step: reading on until one is missing needs no listing and sees its own writes.
        var entries = new List<JournalEntry>();
        while (await FindAsync(runId, entries.Count, cancellationToken) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static JournalEntry Same(JournalEntry draft, JournalEntry standing) =>
        Place(standing.Kind) == Place(draft.Kind)
            && (standing.Step == draft.Step || standing.Kind == JournalKind.RunEnded || draft.Kind == JournalKind.RunEnded)
            ? standing
            : throw new RecoveryException(
                "JournalConflict",
                $"The journal of '{draft.RunId}' has {standing.Kind} at {standing.Sequence}, where {draft.Kind} belongs.",
                isTransient: false,
                "Two versions of the app run on one hub: stop the older one.");

    // A journal is the beginning, then at odd sequences what begins or the run's end, at even ones how it ended.
    private static int Place(JournalKind kind) => kind switch
    {
        JournalKind.RunStarted => 0,
        JournalKind.StepStarted or JournalKind.RunEnded => 1,
        _ => 2,
    };

    private static string Key(string runId, int sequence) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"runs/{runId}/journal/{sequence:D6}");
}
