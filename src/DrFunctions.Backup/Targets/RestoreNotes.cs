using System.Collections.Concurrent;
using System.Globalization;

namespace DrFunctions.Backup.Targets;

/// <summary>What could not be restored as it was: each kind told once, with how many and the first of them. Thread-safe.</summary>
internal sealed class RestoreNotes
{
    private readonly ConcurrentDictionary<string, (long Count, string First)> notes = new(StringComparer.Ordinal);

    /// <summary>In words, sorted.</summary>
    public IReadOnlyList<string> All => [.. notes.Select(note => string.Create(
        CultureInfo.InvariantCulture, $"{note.Key} of {note.Value.Count} could not be restored, the first: {note.Value.First}")).Order(StringComparer.Ordinal)];

    /// <summary>Notes one.</summary>
    /// <param name="what">Of a few words: <c>the owner</c>.</param>
    /// <param name="path">Whose.</param>
    /// <param name="reason">Why.</param>
    public void Add(string what, string path, string reason) => notes.AddOrUpdate(what, (1, $"'{path}' ({reason})"), static (_, seen) => (seen.Count + 1, seen.First));
}
