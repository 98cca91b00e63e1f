using System.Collections.Concurrent;
using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;

namespace DrFunctions.Recovery.Journal;

/// <summary>
/// The journals of runs: append-only, create-only by sequence, hash-chained. Whoever writes reads first, decides from what it read,
/// and appends behind it; another writer who was faster makes it read and decide again. Thread-safe.
/// </summary>
/// <remarks>Entries never change, so those that were read are kept; only the journal's end is asked for again.</remarks>
public sealed class RunJournal(IDocumentStore documents)
{
    // Of so many runs the entries are kept; then all are forgotten and read again.
    private const int Kept = 1024;

    private readonly ConcurrentDictionary<string, IReadOnlyList<JournalEntry>> _known = new(StringComparer.Ordinal);

    /// <summary>All entries in order; empty when there is no such run.</summary>
    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        var known = _known.TryGetValue(runId, out var seen) ? seen : [];
        var entries = await ReadOnAsync(runId, known, cancellationToken);
        if (entries.Count > known.Count)
        {
            Keep(runId, entries);
        }

        return entries;
    }

    /// <summary>
    /// The entries that are known here, without asking the store: the newest may be missing, none is wrong. Good for what can only
    /// succeed when nothing is missing, an append, and for what the first entry says.
    /// </summary>
    public IReadOnlyList<JournalEntry> Recall(string runId) => _known.TryGetValue(runId, out var seen) ? seen : [];

    /// <summary>All entries in order as the store holds them now, for whoever checks them.</summary>
    public Task<IReadOnlyList<JournalEntry>> ReadStoredAsync(string runId, CancellationToken cancellationToken) =>
        ReadOnAsync(runId, [], cancellationToken);

    /// <summary>Appends an entry behind those that the decision for it was made from.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="read">All entries, as they were read.</param>
    /// <param name="draft">What is to be recorded.</param>
    /// <param name="at">When it happened. Where that is before the entry behind which it goes, by a clock that is behind, it gets that one's time.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>All entries with the new one; null, and nothing is changed, when another entry stands there by now.</returns>
    public async Task<IReadOnlyList<JournalEntry>?> TryAppendAsync(
        string runId, IReadOnlyList<JournalEntry> read, JournalDraft draft, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(draft);
        if (read is [.., { Kind: JournalKind.RunEnded }])
        {
            return null; // A sealed journal stays as it is.
        }

        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in draft.Facts)
        {
            facts[name] = value;
        }

        // Nothing in a journal ends before it began.
        at = read is [.., { At: var before }] && before > at ? before : at;

        // One that lost its hash is found by the check, not here.
        var previous = read is [.., { } last] ? last.Hash ?? last.ComputeHash() : JournalEntry.Genesis;
        var entry = new JournalEntry(1, runId, read.Count, draft.Kind, at, draft.Step, facts, previous, null).Sealed();
        if (!await documents.TryCreateAsync(Key(runId, entry.Sequence), entry, cancellationToken))
        {
            return null;
        }

        IReadOnlyList<JournalEntry> entries = [.. read, entry];
        Keep(runId, entries);
        return entries;
    }

    /// <summary>
    /// Anchors a sealed journal in both regions; nothing happens while it is not sealed. Idempotent; an anchor is never replaced.
    /// </summary>
    public async Task AnchorAsync(string runId, CancellationToken cancellationToken)
    {
        if (EvidenceAnchor.Of(await ReadAsync(runId, cancellationToken)) is { } anchor)
        {
            await documents.TryCreateAsync(EvidenceAnchor.Key(runId), anchor, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<JournalEntry>> ReadOnAsync(
        string runId, IReadOnlyList<JournalEntry> known, CancellationToken cancellationToken)
    {
        // Reading on until one is missing needs no listing and sees its own writes.
        List<JournalEntry>? entries = null;
        while ((entries ?? known) is not [.., { Kind: JournalKind.RunEnded }]
            && await documents.ReadAsync<JournalEntry>(Key(runId, (entries ?? known).Count), cancellationToken) is { } next)
        {
            entries ??= [.. known];
            entries.Add(next.Value);
        }

        return entries ?? known;
    }

    private void Keep(string runId, IReadOnlyList<JournalEntry> entries)
    {
        if (_known.Count >= Kept)
        {
            _known.Clear();
        }

        _known.AddOrUpdate(runId, entries, (_, before) => before.Count > entries.Count ? before : entries);
    }

    private static string Key(string runId, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"runs/{runId}/journal/{sequence:D6}");
}
