using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DrFunctions.Backup;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;

namespace DrFunctions.Cloud.Blobs;

/// <summary>A blob being restored: one Put Blob when it is one part, else staged blocks that a block list shows at once.</summary>
internal sealed class BlobRestoreWriter : IRestoreWriter
{
    private const int MostBlocks = 50_000;
    private const int PartSize = 4 * 1024 * 1024;
    private readonly ConcurrentDictionary<long, string> blocks = new();
    private readonly BlobContainerClient container;
    private readonly BlockBlobClient blob;
    private readonly SourceEntry entry;
    private byte[] whole = [];

    public BlobRestoreWriter(BlobContainerClient container, SourceEntry entry)
    {
        (this.container, this.entry) = (container, entry);
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

    private bool IsOnePart => entry.Length <= PartSize;

    public async Task WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (IsOnePart)
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
            if (IsOnePart)
            {
                var options = new BlobUploadOptions { HttpHeaders = headers, Metadata = metadata, TransferValidation = BlobPlace.Checked };
                await BlobPlace.CreatingContainerAsync(
                    container, () => blob.UploadAsync(BinaryData.FromBytes(whole).ToStream(), options, cancellationToken), cancellationToken);
            }
            else
            {
                var options = new CommitBlockListOptions { HttpHeaders = headers, Metadata = metadata };
                await blob.CommitBlockListAsync(blocks.OrderBy(block => block.Key).Select(block => block.Value), options, cancellationToken);
            }
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
