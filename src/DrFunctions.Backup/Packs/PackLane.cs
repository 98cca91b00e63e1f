using DrFunctions.Backup.Compression;

namespace DrFunctions.Backup.Packs;

/// <summary>Chunks of one sort, which share packs: who reads manifests reads no files' content beside. Thread-safe.</summary>
internal sealed class PackLane(PackUploads uploads) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private PackBuilder? builder;

    /// <summary>Adds a chunk, in the next pack where it does not fit into this one.</summary>
    public async Task AddAsync(ChunkId id, Codec codec, ReadOnlyMemory<byte> stored, int length, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (builder is not null && !builder.Fits(stored.Length))
            {
                uploads.Start(builder);
                builder = null;
            }

            builder ??= await uploads.RentAsync(cancellationToken);
            builder.Add(id, codec, stored.Span, length);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Has the pack written that is being filled.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (builder is not null)
            {
                uploads.Start(builder);
                builder = null;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        builder?.Dispose();
        turn.Dispose();
    }
}
