using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using DrFunctions.Backup;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;

namespace DrFunctions.Cloud.Blobs;

/// <summary>
/// Restores into a blob container, which is created by the first write. Blobs are block blobs with the content headers and metadata
/// they had; the service sets their times.
/// </summary>
/// <param name="container">Where.</param>
public sealed class BlobContainerTarget(BlobContainerClient container) : IRestoreTarget
{
    /// <inheritdoc/>
    public string Description { get; } = BlobPlace.Of(container);

    /// <inheritdoc/>
    public int MostParts => BlobRestoreWriter.MostBlocks;

    /// <inheritdoc/>
    public void Validate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (BlobName.WhyNot(path) is { } reason)
        {
            throw new BackupException(
                BackupErrors.UnsafePath,
                $"'{path}' cannot be restored to {Description}: its name {reason}.",
                isTransient: false,
                "Restore to a folder that can hold the name.");
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TargetEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in BlobPlace.ListAsync(container, prefix: null, cancellationToken))
        {
            yield return new TargetEntry(blob.Name, blob.Properties.ContentLength ?? 0);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken)
    {
        Validate(path);
        try
        {
            var answer = await container.GetBlobClient(path).DownloadStreamingAsync(cancellationToken: cancellationToken);
            return new BlobContent(answer.Value.Content, error => BlobFailure.Of(error, $"read '{path}'", Description));
        }
        catch (RequestFailedException missing) when (BlobPlace.IsMissing(missing))
        {
            return null;
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"read '{path}'", Description);
        }
    }

    /// <inheritdoc/>
    public async Task<IRestoreWriter> BeginAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Validate(entry.Path);
        return new BlobRestoreWriter(container, entry, await FindVersionAsync(entry.Path, cancellationToken));
    }

    private async Task<ETag?> FindVersionAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await container.GetBlobClient(path).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException missing) when (BlobPlace.IsMissing(missing))
        {
            return null;
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"look at '{path}'", Description);
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Validate(path);
        try
        {
            await container.GetBlobClient(path).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"delete '{path}'", Description);
        }
    }
}
