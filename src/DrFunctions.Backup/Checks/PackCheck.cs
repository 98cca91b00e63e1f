using System.Collections.Concurrent;
using DrFunctions.Backup.Buffers;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Checks;

/// <summary>Reads packs whole: that each is what its name says, that every chunk of it is, and that the index says so. Thread-safe.</summary>
/// <param name="repository">Where.</param>
/// <param name="index">What is said of them.</param>
internal sealed class PackCheck(OpenedRepository repository, RepositoryIndex index) : IDisposable
{
    /// <summary>Packs in memory at once.</summary>
    public const int PacksAtOnce = 4;

    private readonly BufferBudget buffers = new(PacksAtOnce * (long)repository.Config.PackLength, repository.Config.PackLength);
    private readonly ConcurrentBag<(ChunkReader Reader, byte[] Content)> idle = [];

    /// <summary>Reads a pack.</summary>
    /// <param name="pack">The pack, as an index names it.</param>
    /// <param name="bad">Takes what is wrong.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task ReadAsync(IndexedPack pack, Action<PackDamage> bad, CancellationToken cancellationToken)
    {
        var content = new RepositoryContent(repository.Objects, pack.Id.Key, pack.Length);
        try
        {
            if (pack.Length > repository.Config.PackLength)
            {
                throw SealedObject.Damaged(content.Name, $"an index says that it has {pack.Length} bytes; expected at most {repository.Config.PackLength}");
            }

            using var buffer = await buffers.RentAsync(pack.Length, cancellationToken);
            await content.ReadAsync(0, buffer.Memory, cancellationToken);
            var opened = await SealedObject.OpenAsync(repository.Keys, SealedKind.Pack, new MemoryContent(content.Name, buffer.Memory), cancellationToken);
            var directory = PackDirectory.Read(opened, content.Name);
            ReadChunks(directory, buffer.Memory.Span, content.Name, bad);
            await CompareAsync(pack, directory, content.Name, bad, cancellationToken);
            if (PackId.Of(buffer.Memory.Span) is var actual && actual != pack.Id)
            {
                bad(new PackDamage(SealedObject.Damaged(content.Name, $"its SHA-256 is {actual}"), null, IsLost: false));
            }
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.DataMissing or BackupErrors.FormatTooNew)
        {
            bad(new PackDamage(error, null, IsLost: true));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (reader, _) in idle)
        {
            reader.Dispose();
        }
    }

    private void ReadChunks(PackDirectory directory, ReadOnlySpan<byte> pack, string name, Action<PackDamage> bad)
    {
        var slot = idle.TryTake(out var kept) ? kept : (new ChunkReader(repository.Keys), GC.AllocateUninitializedArray<byte>(repository.Config.Chunking.Maximum));
        var (reader, content) = slot;
        using var cipher = directory.CreateCipher(repository.Keys);
        for (var number = 0; number < directory.Entries.Count; number++)
        {
            var entry = directory.Entries[number];
            if (entry.Length > repository.Config.Chunking.Maximum)
            {
                bad(new PackDamage(SealedObject.Damaged(name, $"its chunk {number} has {entry.Length} bytes"), entry.Id, IsLost: false));
                continue;
            }

            try
            {
                var stored = pack.Slice(directory.OffsetOf(number), entry.StoredLength + SealedFormat.TagLength);
                reader.Read(cipher, number, entry, stored, content.AsSpan(0, entry.Length), name);
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataDamaged)
            {
                bad(new PackDamage(error, entry.Id, IsLost: false));
            }
        }

        idle.Add(slot);
    }

    // Restores go by the index alone.
    private async Task CompareAsync(
        IndexedPack pack, PackDirectory directory, string name, Action<PackDamage> bad, CancellationToken cancellationToken)
    {
        if (!directory.Header.Span.SequenceEqual(pack.Header.Span))
        {
            bad(new PackDamage(SealedObject.Damaged(name, "an index has another header of it"), null, IsLost: true));
        }

        for (var number = 0; number < directory.Entries.Count; number++)
        {
            var entry = directory.Entries[number];
            var expected = new ChunkPlace(0, number, directory.OffsetOf(number), entry.Codec, entry.StoredLength, entry.Length);
            // A chunk that no index has is one that no snapshot needs; of those that are needed, the snapshots tell.
            if (await index.FindIndexedAsync(entry.Id, cancellationToken) is { } found && found.Pack.Id == pack.Id && found.Place with { Pack = 0 } != expected)
            {
                bad(new PackDamage(SealedObject.Damaged(name, $"an index says something else of its chunk {number}"), entry.Id, IsLost: false));
            }
        }
    }
}

/// <summary>Something that is wrong with a pack.</summary>
/// <param name="Error">What.</param>
/// <param name="Chunk">The chunk that cannot be read because of it; null when it is not one chunk's.</param>
/// <param name="IsLost">Whether none of its chunks can be read.</param>
internal sealed record PackDamage(BackupException Error, ChunkId? Chunk, bool IsLost);
