using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Cloud.Documents;

/// <summary>
/// Documents as block blobs of one container, which is created by the first write. Created with <c>If-None-Match: *</c>, replaced
/// and deleted with <c>If-Match</c>. Thread-safe.
/// </summary>
/// <remarks>
/// The client may repeat a write whose answer was lost, and the repetition then fails on its own success. So every write
/// carries an id of its own in the blob's metadata, and a write that is refused reads the id back: its own means success. Two
/// writers of the same bytes are therefore never confused. Only a write that another writer replaced before the id was read
/// back counts as refused; that writer then has read it.
/// </remarks>
/// <param name="container">The container; the client's options bound each call's time and retries.</param>
/// <param name="newId">Makes the ids of writes; each must be unique.</param>
#pragma warning disable CA1001 // The semaphore makes no wait handle, so that there is nothing to dispose.
public sealed class BlobDocumentStore(BlobContainerClient container, Func<Guid> newId) : IDocumentStore
#pragma warning restore CA1001
{
    /// <summary>
    /// How many calls of <see cref="BackgroundWork"/> are under way at once: each minute's samples of hundreds of workloads are not to stand
    /// in a run's way.
    /// </summary>
    internal const int BackgroundAtOnce = 2;

    private readonly SemaphoreSlim _background = new(BackgroundAtOnce);

    /// <summary>Metadata name of a write's id.</summary>
    internal const string WriteId = "writeid";

    /// <inheritdoc/>
    public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken) =>
        AskAsync($"read '{key}'", Blob(key), async blob =>
        {
            try
            {
                BlobDownloadResult result = await blob.DownloadContentAsync(cancellationToken);
                return new Document(result.Content.ToMemory(), Quoted(result.Details.ETag));
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return null;
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        AskAsync($"create '{key}'", Blob(key), async blob =>
        {
            var conditions = new BlobRequestConditions { IfNoneMatch = ETag.All };
            try
            {
                return await WriteAsync(blob, content, conditions, cancellationToken);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                return await WriteAsync(blob, content, conditions, cancellationToken);
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        AskAsync($"replace '{key}'", Blob(key), async blob =>
        {
            try
            {
                return await WriteAsync(blob, content, new BlobRequestConditions { IfMatch = new ETag(etag) }, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return false;
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken) =>
        AskAsync($"delete '{key}'", Blob(key), async blob =>
        {
            try
            {
                var conditions = etag is null ? null : new BlobRequestConditions { IfMatch = new ETag(etag) };
                await blob.DeleteAsync(conditions: conditions, cancellationToken: cancellationToken);
                return true;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return true;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                // Storage answers 412 for a blob that is gone, too.
                return !await blob.ExistsAsync(cancellationToken);
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
        ListVersionsAsync(prefix, cancellationToken).Select(document => document.Key);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DocumentVersion> ListVersionsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = container.GetBlobsAsync(prefix: prefix, cancellationToken: cancellationToken)
            .AsPages().GetAsyncEnumerator(cancellationToken);
        while (await AskAsync($"list '{prefix}'", pages, NextAsync, cancellationToken))
        {
            foreach (var item in pages.Current.Values)
            {
                yield return new DocumentVersion(item.Name, item.Properties.ETag is { } etag ? Quoted(etag) : "");
            }
        }

        static async Task<bool> NextAsync(IAsyncEnumerator<Page<BlobItem>> pages)
        {
            try
            {
                return await pages.MoveNextAsync();
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return false;
            }
        }
    }

    // As in a header: listings give it bare.
    private static string Quoted(ETag etag) => etag.ToString("H");

    private BlobClient Blob(string key) => container.GetBlobClient(DocumentKey.Validate(key));

    /// <summary>Writes under the condition; false when it does not hold and the blob is not this very write.</summary>
    private async Task<bool> WriteAsync(
        BlobClient blob, ReadOnlyMemory<byte> content, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var id = newId().ToString("N", CultureInfo.InvariantCulture);
        var options = new BlobUploadOptions
        {
            Conditions = conditions,
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Metadata = new Dictionary<string, string> { [WriteId] = id },
        };
        try
        {
            await blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e)
            when (e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return await WriteIdAsync(blob, cancellationToken) == id;
        }
    }

    private static async Task<string?> WriteIdAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            return found.Metadata.TryGetValue(WriteId, out var id) ? id : null;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private async Task<T> AskAsync<TOn, T>(string what, TOn on, Func<TOn, Task<T>> ask, CancellationToken cancellationToken)
    {
        var canWait = BackgroundWork.IsRunning;
        if (canWait)
        {
            await _background.WaitAsync(cancellationToken);
        }

        try
        {
            return await ask(on);
        }
        catch (Exception e) when (BlobFailure.IsFailure(e, cancellationToken))
        {
            throw BlobFailure.ToException(e, $"Container '{container.Name}' of account '{container.AccountName}' did not {what}");
        }
        finally
        {
            if (canWait)
            {
                _background.Release();
            }
        }
    }
}
