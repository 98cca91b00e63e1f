using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DrFunctions.Backup;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Cloud.Blobs;

/// <summary>
/// All blobs of a container, their content, content headers and metadata; not their tags, tiers, snapshots and versions. Every read
/// names the ETag that was listed.
/// </summary>
/// <param name="container">Where.</param>
public sealed class BlobContainerSource(BlobContainerClient container) : IBackupSource
{
    /// <inheritdoc/>
    public string Description { get; } = BlobPlace.Of(container);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in BlobPlace.ListAsync(container, BlobTraits.Metadata, prefix: null, mayBeMissing: false, cancellationToken))
        {
            var properties = blob.Properties;
            yield return new SourceEntry
            {
                Path = blob.Name,
                Length = properties.ContentLength ?? 0,
                LastModified = properties.LastModified ?? default,
                Version = properties.ETag?.ToString("H") ?? "",
                Headers = BlobHeaders.Of(
                    properties.ContentType,
                    properties.ContentEncoding,
                    properties.ContentLanguage,
                    properties.ContentDisposition,
                    properties.CacheControl),
                Metadata = BlobHeaders.Copy(blob.Metadata),
                Unsupported = BlobName.WhyNot(blob.Name) is { } reason ? $"its name {reason}" : null,
            };
        }
    }

    /// <inheritdoc/>
    public async Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var properties = (await container.GetBlobClient(path).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new SourceEntry
            {
                Path = path,
                Length = properties.ContentLength,
                LastModified = properties.LastModified,
                Version = properties.ETag.ToString("H"),
                Headers = BlobHeaders.Of(
                    properties.ContentType,
                    properties.ContentEncoding,
                    properties.ContentLanguage,
                    properties.ContentDisposition,
                    properties.CacheControl),
                Metadata = BlobHeaders.Copy(properties.Metadata),
            };
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
    public async Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        try
        {
            var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(entry.Version) } };
            var answer = await container.GetBlobClient(entry.Path).DownloadStreamingAsync(options, cancellationToken);
            return new BlobContent(answer.Value.Content, error => Failed(error, entry.Path));
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw Failed(error, entry.Path);
        }
    }

    private BackupException Failed(Exception error, string path)
    {
        const string Hint = "Nothing: the backup looks at it again.";
        return error switch
        {
            RequestFailedException { Status: 412 } => new BackupException(
                BackupErrors.SourceChanged, $"'{path}' in {Description} changed while it was read.", isTransient: true, Hint, error),
            RequestFailedException { ErrorCode: "BlobNotFound" } => new BackupException(
                BackupErrors.SourceVanished, $"'{path}' in {Description} is gone.", isTransient: true, Hint, error),
            _ => BlobFailure.Of(error, $"read '{path}'", Description),
        };
    }
}
