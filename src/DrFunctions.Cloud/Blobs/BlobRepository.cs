using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Cloud.Blobs;

/// <summary>
/// A repository in a blob container, which is created by the first write. An object is one Put Blob: atomic, create-only by
/// If-None-Match, its MD5 checked by the service on arrival and kept.
/// </summary>
/// <param name="container">Where.</param>
/// <param name="identity">What the container's client shows tokens of, so that another account's storage may fetch from here in its name; null where it has a key, which signs for one object at a time.</param>
/// <param name="time">The clock of those signatures, an hour long; default the system's.</param>
public sealed class BlobRepository(BlobContainerClient container, TokenCredential? identity = null, TimeProvider? time = null) : IRepository, IServerSideCopy
{
    private static readonly TimeSpan SignatureLife = TimeSpan.FromHours(1);
    private static readonly TokenRequestContext StorageScope = new(["https://storage.azure.com/.default"]);

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
            yield return new RepositoryObject(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? default)
            {
                Version = blob.Properties.ETag?.ToString() ?? "",
            };
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

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfInvalid(key);
        ArgumentException.ThrowIfNullOrEmpty(version); // Without one any would be removed.
        try
        {
            await container.GetBlobClient(key).DeleteAsync(conditions: new BlobRequestConditions { IfMatch = new ETag(version) }, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException other) when (BlobPlace.IsMissing(other) || BlobFailure.Is(other, BlobErrorCode.ConditionNotMet))
        {
            return false;
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"delete '{key}'", Description);
        }
    }

    /// <summary>
    /// Copies by Copy Blob From URL (https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url): at once, whole, up to 256 MiB, between any two accounts that let each other in. The source is opened to
    /// the storage by a signature for that one object, read only, or by the identity's token.
    /// </summary>
    /// <inheritdoc/>
    public async Task<ServerSideCopy> CopyFromAsync(IRepository from, string key, bool replace, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfInvalid(key);
        if (from is not BlobRepository source)
        {
            return new ServerSideCopy(ServerSideOutcome.Refused, $"{from.Description} is no container");
        }

        try
        {
            if (await source.ShareAsync(key, cancellationToken) is not var (uri, token))
            {
                return new ServerSideCopy(ServerSideOutcome.Refused, $"the client of {from.Description} can sign nothing");
            }

            var options = new BlobCopyFromUriOptions
            {
                DestinationConditions = replace ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
                SourceAuthentication = token,
            };
            await BlobPlace.CreatingContainerAsync(
                container, () => container.GetBlobClient(key).SyncCopyFromUriAsync(uri, options, cancellationToken), cancellationToken);
            return new ServerSideCopy(ServerSideOutcome.Copied);
        }
        catch (RequestFailedException exists)
            when (BlobFailure.Is(exists, BlobErrorCode.BlobAlreadyExists) || BlobFailure.Is(exists, BlobErrorCode.ConditionNotMet))
        {
            return new ServerSideCopy(ServerSideOutcome.Exists);
        }
        catch (RequestFailedException refused) when (IsRefusal(refused))
        {
            // What cannot be sent either is refused again when it is, and said there.
            return new ServerSideCopy(ServerSideOutcome.Refused, FormattableString.Invariant($"the answer was {refused.Status} {refused.ErrorCode}").TrimEnd());
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, $"copy '{key}' from {from.Description}", Description);
        }
    }

    // 501: an emulator or an old service. CannotVerifyCopySource comes with any status of the source's.
    private static bool IsRefusal(RequestFailedException error) =>
        error.Status is (>= 400 and < 500 and not (408 or 429)) or 501 || error.ErrorCode == "CannotVerifyCopySource";

    /// <summary>An object as another account's storage may read it; null where nothing can be shown for it.</summary>
    private async Task<(Uri Uri, HttpAuthorization? Token)?> ShareAsync(string key, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(key);
        if (blob.CanGenerateSasUri)
        {
            return (blob.GenerateSasUri(BlobSasPermissions.Read, (time ?? TimeProvider.System).GetUtcNow() + SignatureLife), null);
        }

        if (identity is not null)
        {
            var token = await identity.GetTokenAsync(StorageScope, cancellationToken);
            return (blob.Uri, new HttpAuthorization("Bearer", token.Token));
        }

        return blob.Uri.Query.Length > 0 ? (blob.Uri, null) : null; // Its own signature.
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
