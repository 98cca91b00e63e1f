namespace DrFunctions.Backup.SealedObjects;

/// <summary>The bytes of one object, of which pieces are read. Thread-safe.</summary>
internal interface IObjectContent
{
    /// <summary>The object in words, for errors.</summary>
    string Name { get; }

    /// <summary>Its bytes.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="target"/> with what begins at <paramref name="offset"/>; both lie inside the object.</summary>
    /// <exception cref="BackupException">The storage does not answer, or the object is gone or shorter.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> target, CancellationToken cancellationToken);
}
