using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Cloud.Blobs;

/// <summary>
/// A repository in a blob container, which is created by the first write. An object is one Put Blob: atomic, create-only by
/// If-None-Match, its MD5 checked by the service on arrival and kept.
/// </summary>
/// <param name="container">Where.</param>
public sealed class BlobRepository(BlobContainerClient container) : IRepository
{
    /// <inheritdoc/>
    public string Description { get; } = BlobPlace.Of(container);

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(key, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);
            return true;
        }
        catch (RequestFailedException exists)
            when (BlobFailure.Is(exists, BlobErrorCode.BlobAlreadyExists) || BlobFailure.Is(exists, BlobErrorCode.ConditionNotMet))
        {
            return false;
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"write '{key}'", Description);
        }
    }

    /// <inheritdoc/>
    public async Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(key, content, conditions: null, cancellationToken);
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"write '{key}'", Description);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfInvalid(key);
        try
        {
            var answer = await container.GetBlobClient(key).DownloadStreamingAsync(cancellationToken: cancellationToken);
            return new BlobContent(answer.Value.Content, error => BlobFailure.Of(error, $"read '{key}'", Description));
        }
        catch (RequestFailedException missing) when (BlobPlace.IsMissing(missing))
        {
            return null;
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"read '{key}'", Description);
        }
    }

    /// <inheritdoc/>
    public async Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfInvalid(key);
        RepositoryKey.ThrowIfNoPiece(offset, target.Length);
        try
        {
            var range = new BlobDownloadOptions { Range = new HttpRange(offset, target.Length) };
            var answer = await container.GetBlobClient(key).DownloadStreamingAsync(range, cancellationToken);
            await using var content = answer.Value.Content;
            var promised = (int)Math.Min(answer.Value.Details.ContentLength, target.Length);
            await content.ReadExactlyAsync(target[..promised], cancellationToken);
            return promised;
        }
        catch (RequestFailedException missing) when (BlobPlace.IsMissing(missing))
        {
            return null;
        }
        catch (RequestFailedException beyond) when (BlobFailure.Is(beyond, BlobErrorCode.InvalidRange))
        {
            return 0;
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"read '{key}'", Description);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in BlobPlace.ListAsync(container, prefix, cancellationToken))
        {
            yield return new RepositoryObject(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? default);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfInvalid(key);
        try
        {
            return (await container.GetBlobClient(key).DeleteIfExistsAsync(cancellationToken: cancellationToken)).Value;
        }
        catch (RequestFailedException missing) when (BlobPlace.IsMissing(missing))
        {
            return false;
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"delete '{key}'", Description);
        }
    }

    private Task<Response<BlobContentInfo>> PutAsync(string key, ReadOnlyMemory<byte> content, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfInvalid(key);
        RepositoryKey.ThrowIfTooLarge(key, content.Length);
        var blob = container.GetBlockBlobClient(key);
        var options = new BlobUploadOptions { Conditions = conditions, TransferValidation = BlobPlace.Checked };
        return BlobPlace.CreatingContainerAsync(
            container, () => blob.UploadAsync(BinaryData.FromBytes(content).ToStream(), options, cancellationToken), cancellationToken);
    }
}
