using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace DrFunctions.Cloud.Blobs;

/// <summary>What sources, targets and repositories in containers have in common.</summary>
internal static class BlobPlace
{
    /// <summary>The service checks the bytes that arrive against an MD5 that was made before they left.</summary>
    public static UploadTransferValidationOptions Checked { get; } = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };

    /// <summary>A container's address, without the query that may hold a signature.</summary>
    public static string Of(BlobContainerClient container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container.Uri.GetLeftPart(UriPartial.Path);
    }

    /// <summary>True when a blob, or its container, is not there.</summary>
    public static bool IsMissing(RequestFailedException error) => error.Status == 404;

    /// <summary>Writes; when the container is not there yet, creates it and writes again.</summary>
    public static async Task<T> CreatingContainerAsync<T>(BlobContainerClient container, Func<Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException missing) when (BlobFailure.Is(missing, BlobErrorCode.ContainerNotFound))
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return await write();
        }
    }

    /// <summary>Lists page by page; nothing where there is no container.</summary>
    public static async IAsyncEnumerable<BlobItem> ListAsync(
        BlobContainerClient container, string? prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (blobs)
        {
            while (await NextAsync())
            {
                yield return blobs.Current;
            }
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await blobs.MoveNextAsync();
            }
            catch (RequestFailedException missing) when (BlobFailure.Is(missing, BlobErrorCode.ContainerNotFound))
            {
                return false;
            }
            catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
            {
                throw BlobFailure.Of(error, "list the blobs", Of(container));
            }
        }
    }
}
