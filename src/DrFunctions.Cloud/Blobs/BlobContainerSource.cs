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
/// <param name="blobsPerPage">Blobs that are listed by one request, 1 to 5,000, which is the service's own.</param>
public sealed class BlobContainerSource(BlobContainerClient container, int blobsPerPage = 5000) : IPagedSource
{
    /// <inheritdoc/>
    public string Description { get; } = BlobPlace.Of(container);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in ListPagesAsync(null, cancellationToken))
        {
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ListPagesAsync(string? marker, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = container
            .GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix: null, cancellationToken)
            .AsPages(marker, blobsPerPage)
            .GetAsyncEnumerator(cancellationToken);
        try
        {
            for (var at = marker; await NextAsync();)
            {
                var page = pages.Current;
                yield return new SourcePage(at, [.. page.Values.Select(Entry)]);
                at = page.ContinuationToken;
            }
        }
        finally
        {
            await pages.DisposeAsync();
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await pages.MoveNextAsync();
            }
            catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
            {
                throw BlobFailure.Of(error, "list the blobs", Description);
            }
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

    private static SourceEntry Entry(BlobItem blob)
    {
        var properties = blob.Properties;
        return new SourceEntry
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
