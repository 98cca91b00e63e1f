using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DrFunctions.Backup;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;

namespace DrFunctions.Cloud.Blobs;

/// <summary>
/// A blob being restored: one Put Blob when it is one part, else staged blocks that a block list shows at once. What someone else
/// wrote under the name since the restore began with it is not overwritten: the commit is then refused.
/// </summary>
internal sealed class BlobRestoreWriter : IRestoreWriter
{
    /// <summary>The most blocks that a list of them has.</summary>
    public const int MostBlocks = 50_000;

    private const int PartSize = 4 * 1024 * 1024;
    private readonly ConcurrentDictionary<long, string> blocks = new();
    private readonly BlobContainerClient container;
    private readonly BlockBlobClient blob;
    private readonly SourceEntry entry;
    private readonly BlobRequestConditions unchanged;
    private ReadOnlyMemory<byte>? whole;

    /// <param name="container">Where the blob is written.</param>
    /// <param name="entry">The file.</param>
    /// <param name="version">What is there now and may be replaced; null when nothing is.</param>
    public BlobRestoreWriter(BlobContainerClient container, SourceEntry entry, ETag? version)
    {
        (this.container, this.entry) = (container, entry);
        unchanged = version is { } seen ? new BlobRequestConditions { IfMatch = seen } : new BlobRequestConditions { IfNoneMatch = ETag.All };
        blob = container.GetBlockBlobClient(entry.Path);
        if (entry.Length > (long)MostBlocks * PartSize)
        {
            throw new BackupException(
                BackupErrors.StorageRefused,
                $"'{entry.Path}' has {entry.Length} bytes; a blob is restored in at most {MostBlocks} blocks of 4 MiB.",
                isTransient: false,
                "Restore it to a folder.");
        }
    }

    public async Task WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length == entry.Length)
        {
            whole = content.ToArray();
            return;
        }

        try
        {
            var id = blocks[offset] = BlockId(offset, content.Span);
            var options = new BlockBlobStageBlockOptions { TransferValidation = BlobPlace.Checked };
            await BlobPlace.CreatingContainerAsync(
                container, () => blob.StageBlockAsync(id, BinaryData.FromBytes(content).ToStream(), options, cancellationToken), cancellationToken);
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw Failed(error);
        }
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        var headers = BlobHeaders.ToSdk(entry.Headers);
        var metadata = BlobHeaders.Copy(entry.Metadata);
        try
        {
            if (whole is not null || entry.Length == 0)
            {
                var options = new BlobUploadOptions { HttpHeaders = headers, Metadata = metadata, TransferValidation = BlobPlace.Checked, Conditions = unchanged };
                await BlobPlace.CreatingContainerAsync(
                    container, () => blob.UploadAsync(BinaryData.FromBytes(whole ?? default).ToStream(), options, cancellationToken), cancellationToken);
            }
            else
            {
                var options = new CommitBlockListOptions { HttpHeaders = headers, Metadata = metadata, Conditions = unchanged };
                await blob.CommitBlockListAsync(blocks.OrderBy(block => block.Key).Select(block => block.Value), options, cancellationToken);
            }
        }
        catch (RequestFailedException changed) when (changed.Status is 409 or 412)
        {
            // Perhaps by this very request, whose first answer was lost: the next attempt reads it and sees.
            throw new BackupException(
                BackupErrors.TargetChanged,
                $"'{entry.Path}' in {BlobPlace.Of(container)} was written by someone else while it was being restored; it is left as it is.",
                isTransient: true,
                "Make sure that nothing else writes there, then restore again.",
                changed);
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw Failed(error);
        }
    }

    // Staged blocks that no list names are dropped by the service, after a week or with the next Put Blob.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The id tells the content, so that two restores of different snapshots at once never commit one another's blocks.
    private static string BlockId(long offset, ReadOnlySpan<byte> content)
    {
        Span<byte> id = stackalloc byte[sizeof(long) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(id, offset);
        SHA256.HashData(content, id[sizeof(long)..]);
        return Convert.ToBase64String(id);
    }

    private BackupException Failed(Exception error) => BlobFailure.Of(error, $"write '{entry.Path}'", BlobPlace.Of(container));
}
