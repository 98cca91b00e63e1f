namespace DrFunctions.LocalRuntime.Storage;

/// <summary>A record and the version it was read at.</summary>
internal sealed record StoredRecord(BinaryData Content, string ETag);

/// <summary>Small records of the host, each changed by compare-and-swap only. Safe for any number of callers.</summary>
internal interface IRecordStore
{
    /// <summary>The record; null where there is none.</summary>
    Task<StoredRecord?> ReadAsync(string container, string name, CancellationToken cancellationToken);

    /// <summary>Creates the record; false where one is there.</summary>
    Task<bool> TryCreateAsync(string container, string name, BinaryData content, CancellationToken cancellationToken);

    /// <summary>Replaces the record; false where it is no longer at that version.</summary>
    Task<bool> TryReplaceAsync(string container, string name, BinaryData content, string etag, CancellationToken cancellationToken);
}
