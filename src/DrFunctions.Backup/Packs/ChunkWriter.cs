using System.Collections.Concurrent;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Packs;

/// <summary>
/// Makes chunks durable: names them, leaves out those that are known, compresses, encrypts and packs the others, writes the packs, several at once, and indexes of
/// them. Thread-safe; callers do the work of naming and compressing on their own threads, as many at once as there are cores.
/// </summary>
/// <remarks>
/// Memory: <see cref="PacksAtOnce"/> packs, a chunk of the longest kind for each core (8 at most), and about 150 bytes for each chunk that no index names yet, of which
/// there are at most some 100,000.
/// </remarks>
internal sealed class ChunkWriter : IAsyncDisposable
{
    /// <summary>Two that are being filled, and three on their way.</summary>
    public const int PacksAtOnce = 5;

    private const int MostCores = 8;

    private readonly OpenedRepository repository;
    private readonly RepositoryIndex index;
    private readonly IReadOnlyCollection<PackId> except;
    private readonly PackUploads uploads;
    private readonly PackLane data;
    private readonly PackLane manifests;
    private readonly CompressorPool compressors;
    private readonly ConcurrentDictionary<ChunkId, bool> underway = [];
    private long dataBytesAdded;

    /// <summary>A writer.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="index">What is known there.</param>
    /// <param name="except">Packs that are not relied on: what only they have is written again. Default: none.</param>
    public ChunkWriter(OpenedRepository repository, RepositoryIndex index, IReadOnlyCollection<PackId>? except = null)
    {
        (this.repository, this.index, this.except) = (repository, index, except ?? []);
        uploads = new PackUploads(repository, index, PacksAtOnce, Forget);
        (data, manifests) = (new PackLane(uploads), new PackLane(uploads));
        compressors = new CompressorPool(Math.Min(Environment.ProcessorCount, MostCores), repository.Config.Chunking.Maximum);
    }

    /// <summary>Bytes of the content of files' chunks that were not known.</summary>
    public long DataBytesAdded => Interlocked.Read(ref dataBytesAdded);

    /// <summary>Bytes of packs and indexes that were written.</summary>
    public long BytesWritten => uploads.BytesWritten;

    /// <summary>
    /// Sees to it that a chunk is in the repository by the end of the next <see cref="FlushAsync"/>. <paramref name="content"/> is the caller's again when the task ends.
    /// </summary>
    /// <param name="kind">With which others it is packed.</param>
    /// <param name="content">1 byte to the longest chunk of the repository.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">The storage's, also of a pack that was begun before.</exception>
    public async ValueTask<ChunkId> AddAsync(ChunkKind kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var id = repository.Keys.NameOf(content.Span);
        if (!underway.TryAdd(id, true))
        {
            return id;
        }

        try
        {
            if (await index.FindAsync(id, cancellationToken, except) is not null)
            {
                underway.TryRemove(id, out _);
                return id;
            }

            var lane = kind == ChunkKind.Data ? data : manifests;
            await compressors.CompressAsync(
                content,
                (Lane: lane, Id: id, content.Length),
                static (state, codec, stored, token) => state.Lane.AddAsync(state.Id, codec, stored, state.Length, token),
                cancellationToken);
        }
        catch (Exception error)
        {
            // Others may have left the chunk to this call: what follows must not believe that it is there.
            await uploads.FailAsync(error);
            throw;
        }

        if (kind == ChunkKind.Data)
        {
            Interlocked.Add(ref dataBytesAdded, content.Length);
        }

        return id;
    }

    /// <summary>Has packs that a killed writer left be named by the next index.</summary>
    public void Take(IEnumerable<AdoptedPack> packs) => uploads.Take(packs);

    /// <summary>Ends when every chunk that was added is durable and an index names it.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await data.CloseAsync(cancellationToken);
        await manifests.CloseAsync(cancellationToken);
        await uploads.FlushAsync().WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await uploads.DisposeAsync();
        data.Dispose();
        manifests.Dispose();
        compressors.Dispose();
    }

    // The index finds them before they are forgotten here, so that nobody in between takes them for new.
    private void Forget(IndexBatch batch)
    {
        foreach (var entry in batch.Entries)
        {
            underway.TryRemove(entry.Id, out _);
        }
    }
}
