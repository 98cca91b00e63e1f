namespace DrFunctions.Backup.Retention;

/// <summary>A snapshot as the rules see it.</summary>
/// <param name="Snapshot">What it says of itself.</param>
/// <param name="WrittenAt">When it was written, UTC, by the storage's clock: in a copy, when it was copied.</param>
/// <param name="Hold">The legal hold that is on it, in words; null when none is.</param>
/// <param name="Kept">Why it stays whatever the rules say, in words, unless a person names it; null when they decide.</param>
public sealed record RetentionCandidate(Snapshot Snapshot, DateTimeOffset WrittenAt, string? Hold = null, string? Kept = null);
