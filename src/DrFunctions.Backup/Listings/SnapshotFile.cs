using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Listings;

/// <summary>A file of a snapshot.</summary>
/// <param name="Entry">What the source said of it.</param>
/// <param name="Skipped">Why its content is not in the snapshot, such as <c>vanished</c>; null when it is.</param>
public sealed record SnapshotFile(SourceEntry Entry, string? Skipped);
