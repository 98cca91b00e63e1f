using System.Security.Cryptography;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Journal;

/// <summary>One entry of a run's journal, chained to the one before it.</summary>
/// <param name="Schema">1.</param>
/// <param name="RunId">The run.</param>
/// <param name="Sequence">0 for the first, then without gaps.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Step">The step's index, or null for the run as a whole.</param>
/// <param name="Facts">What is known about it, by name; never a secret.</param>
/// <param name="Previous">The hash of the entry before; 64 zeros for the first.</param>
/// <param name="Hash">
/// Lower-case hexadecimal SHA-256 of this entry's JSON as <see cref="DocumentJson"/> writes it, without this member and with the
/// facts in ordinal order of their names.
/// </param>
public sealed record JournalEntry(
    int Schema,
    string RunId,
    int Sequence,
    JournalKind Kind,
    DateTimeOffset At,
    int? Step,
    SortedDictionary<string, string> Facts,
    string Previous,
    string? Hash)
{
    /// <summary>What the first entry names as the one before it.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>The entry with its hash.</summary>
    public JournalEntry Sealed() => this with { Hash = ComputeHash() };

    /// <summary>The hash that the entry must have.</summary>
    public string ComputeHash()
    {
        var ordered = this with { Hash = null, Facts = new SortedDictionary<string, string>(Facts, StringComparer.Ordinal) };
        return Convert.ToHexStringLower(SHA256.HashData(DocumentJson.Write(ordered).Span));
    }

    /// <summary>A fact; null when it is not there.</summary>
    public string? Fact(string name) => Facts.TryGetValue(name, out var value) ? value : null;
}
