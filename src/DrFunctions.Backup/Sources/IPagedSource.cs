namespace DrFunctions.Backup.Sources;

/// <summary>A source whose listing can be taken up in its middle, so that several may read a stretch of it each.</summary>
/// <remarks>
/// The entries come in an order that is either that of the paths' UTF-8 bytes or that of their UTF-16 code units. For a path without characters from U+D800 on the two agree
/// on what is before it and what is not; a stretch begins and ends at such paths only.
/// </remarks>
public interface IPagedSource : IBackupSource
{
    /// <summary>The pages from one on.</summary>
    /// <param name="marker">The page's <see cref="SourcePage.Marker"/>; null for the first.</param>
    /// <param name="cancellationToken">Stops listing.</param>
    IAsyncEnumerable<SourcePage> ListPagesAsync(string? marker, CancellationToken cancellationToken);
}

/// <summary>A page of a listing.</summary>
/// <param name="Marker">Where it begins, for <see cref="IPagedSource.ListPagesAsync"/>; null for the first. What was there when it was listed is found from there later.</param>
/// <param name="Entries">Its entries; some thousands at most.</param>
public sealed record SourcePage(string? Marker, IReadOnlyList<SourceEntry> Entries);
