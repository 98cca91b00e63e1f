using System.Buffers.Binary;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Packs that a prune wants to remove, <c>tombstones/{sha256}</c>: a sealed object without records, whose directory is the stage (1 byte), the number of packs (4 bytes), their ids, and a
/// filter of all their chunks, to its end. No writer that sees it relies on one of them.
/// </summary>
/// <param name="IsDoomed">
/// False: condemned, which may be taken back. True: doomed, for good: another prune may be about to remove them, so that nothing but copying a chunk out of one saves the chunk.
/// </param>
/// <param name="Packs">The packs; at least one.</param>
/// <param name="Filter">Their chunks.</param>
internal sealed record TombstoneRound(bool IsDoomed, IReadOnlyList<PackId> Packs, ChunkFilter Filter)
{
    /// <summary>What the keys of rounds begin with.</summary>
    public const string Prefix = "tombstones/";

    private const byte Condemned = 1;
    private const byte Doomed = 2;
    private const int IdLength = 32;
    private const int HeaderLength = 5;

    /// <summary>Its bytes, and the key that follows from them.</summary>
    public (string Key, ReadOnlyMemory<byte> Content) Write(RepositoryKeys keys)
    {
        var directory = new byte[HeaderLength + (Packs.Count * IdLength) + Filter.Bytes.Length];
        directory[0] = IsDoomed ? Doomed : Condemned;
        BinaryPrimitives.WriteInt32BigEndian(directory.AsSpan(1), Packs.Count);
        for (var index = 0; index < Packs.Count; index++)
        {
            Packs[index].Digest.Write(directory.AsSpan(HeaderLength + (index * IdLength)));
        }

        Filter.Bytes.CopyTo(directory.AsSpan(HeaderLength + (Packs.Count * IdLength)));
        using var writer = new SealedWriter(keys, SealedKind.Tombstone, checked((int)SealedFormat.LengthOf(0, 0, directory.Length)));
        var content = writer.Close(directory);
        return (Prefix + Sha256Digest.Of(content.Span), content);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/> or <see cref="BackupErrors.FormatTooNew"/>.</exception>
    public static async Task<TombstoneRound> ReadAsync(RepositoryKeys keys, IObjectContent content, CancellationToken cancellationToken)
    {
        var opened = await SealedObject.OpenAsync(keys, SealedKind.Tombstone, content, cancellationToken);
        var directory = opened.Directory.Span;
        var count = directory.Length < HeaderLength ? 0 : BinaryPrimitives.ReadInt32BigEndian(directory[1..]);
        if (count < 1 || directory[0] is not (Condemned or Doomed) || HeaderLength + ((long)count * IdLength) >= directory.Length)
        {
            throw SealedObject.Damaged(content.Name, $"its directory of {directory.Length} bytes says that it has {count} packs");
        }

        var packs = new PackId[count];
        for (var index = 0; index < count; index++)
        {
            packs[index] = new PackId(Sha256Digest.From(directory.Slice(HeaderLength + (index * IdLength), IdLength)));
        }

        return new TombstoneRound(directory[0] == Doomed, packs, ChunkFilter.From(directory[(HeaderLength + (count * IdLength))..].ToArray()));
    }
}

/// <summary>A round as it lies in a repository.</summary>
/// <param name="Key">Its key.</param>
/// <param name="WrittenAt">When it was written, by the storage's clock.</param>
/// <param name="Version">Its version.</param>
/// <param name="Round">What it says; null when it cannot be read.</param>
internal sealed record StoredRound(string Key, DateTimeOffset WrittenAt, string Version, TombstoneRound? Round)
{
    /// <summary>Whether it means a pack of those that it names, by when that was written. One that was written again since is another one, on which whoever wrote it may rely.</summary>
    public bool Covers(DateTimeOffset written) => written <= WrittenAt;

    /// <summary>All rounds of a repository.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<IReadOnlyList<StoredRound>> ListAsync(OpenedRepository repository, CancellationToken cancellationToken)
    {
        var rounds = new List<StoredRound>();
        await foreach (var item in repository.Objects.ListAsync(TombstoneRound.Prefix, cancellationToken))
        {
            try
            {
                var content = new RepositoryContent(repository.Objects, item.Key, item.Length);
                rounds.Add(new StoredRound(item.Key, item.WrittenAt, item.Version, await TombstoneRound.ReadAsync(repository.Keys, content, cancellationToken)));
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
            {
                rounds.Add(new StoredRound(item.Key, item.WrittenAt, item.Version, null));
            }
            catch (BackupException error) when (error.Code is BackupErrors.DataMissing)
            {
                // Its packs went before it did, and what exists is listed later.
                continue;
            }
        }

        return rounds;
    }
}
