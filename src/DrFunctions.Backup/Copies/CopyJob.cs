using DrFunctions.Backup.Buffers;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Copies;

/// <summary>
/// Makes a repository in another place hold all that this one shows, byte for byte: what opens the one opens the other, and either restores alone. May be killed and run again
/// at any time, beside writers of both: what is there is not sent again.
/// </summary>
/// <param name="from">The origin.</param>
/// <param name="to">The other place: nothing, or an earlier copy.</param>
/// <param name="meter">Counts bytes.</param>
/// <remarks>
/// The snapshots are listed before the indexes, and those before the packs, and written the other way round: a snapshot that is seen in the copy has there what it had in the origin.
/// Memory: <see cref="ObjectsAtOnce"/> packs.
/// </remarks>
internal sealed class CopyJob(OpenedRepository from, IRepository to, ProgressMeter meter)
{
    private const int ObjectsAtOnce = 4;

    private readonly BufferBudget buffers = new((long)ObjectsAtOnce * from.Config.PackLength, from.Config.PackLength);
    private long copied;
    private long bytesCopied;
    private long reused;

    /// <summary>Copies.</summary>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.RepositoryExists"/>: another repository is there; <see cref="BackupErrors.SnapshotConflict"/>; or something of the
    /// origin is damaged: then no snapshot is shown that was not there before.
    /// </exception>
    public async Task<RepositoryCopy> RunAsync(CancellationToken cancellationToken)
    {
        var snapshots = await ListAsync(from.Objects, SealedSnapshot.Prefix, cancellationToken);
        var indexes = await ListAsync(from.Objects, RepositoryIndex.Prefix, cancellationToken);
        var packs = await ListAsync(from.Objects, PackId.Prefix, cancellationToken);
        await BeginAsync(cancellationToken);
        meter.Expect(snapshots.Count, packs.Values.Sum() + indexes.Values.Sum());
        meter.TotalIsFinal();
        await CopyNamedAsync(PackId.Prefix, packs, cancellationToken);
        await CopyNamedAsync(RepositoryIndex.Prefix, indexes, cancellationToken);
        foreach (var key in snapshots.Where(item => item.Value != AbandonedSnapshot.Length).Select(item => item.Key))
        {
            await ShowAsync(key, cancellationToken);
            meter.Done(1, 0);
        }

        return new RepositoryCopy(snapshots.Count, copied, reused, bytesCopied);
    }

    private static async Task<Dictionary<string, long>> ListAsync(IRepository objects, string prefix, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var item in objects.ListAsync(prefix, cancellationToken))
        {
            found[item.Key] = item.Length;
        }

        return found;
    }

    // The slots before the config, as in a new repository.
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var config = await ReadAsync(from.Objects, RepositoryConfig.Key, cancellationToken);
        var there = await RepositoryContent.ReadWholeAsync(to, RepositoryConfig.Key, RepositoryKey.MaximumObjectLength, cancellationToken);
        if (there is null)
        {
            await CopySlotsAsync(cancellationToken);
            there = await to.TryCreateAsync(RepositoryConfig.Key, config, cancellationToken) ? config : await ReadAsync(to, RepositoryConfig.Key, cancellationToken);
        }

        if (!there.AsSpan().SequenceEqual(config))
        {
            throw new BackupException(
                BackupErrors.RepositoryExists,
                $"{to.Description} holds another repository than {from.Objects.Description}; nothing in it was changed.",
                isTransient: false,
                "Name an empty container, or the one that holds a copy of this repository.");
        }

        // A slot that was added or replaced in the origin opens the copy, too.
        await CopySlotsAsync(cancellationToken);
    }

    private async Task CopySlotsAsync(CancellationToken cancellationToken)
    {
        foreach (var key in (await ListAsync(from.Objects, KeySlots.Prefix, cancellationToken)).Keys)
        {
            var slot = await ReadAsync(from.Objects, key, cancellationToken);
            if (await RepositoryContent.ReadWholeAsync(to, key, RepositoryKey.MaximumObjectLength, cancellationToken) is not { } there || !there.AsSpan().SequenceEqual(slot))
            {
                await to.ReplaceAsync(key, slot, cancellationToken);
            }
        }
    }

    private async Task CopyNamedAsync(string prefix, Dictionary<string, long> wanted, CancellationToken cancellationToken)
    {
        var there = await ListAsync(to, prefix, cancellationToken);
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = ObjectsAtOnce, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (there.TryGetValue(item.Key, out var length) && length == item.Value)
                {
                    Interlocked.Increment(ref reused);
                }
                else if (Sha256Digest.TryParse(item.Key[(item.Key.LastIndexOf('/') + 1)..], out var name))
                {
                    await CopyAsync(item.Key, name, item.Value, replace: there.ContainsKey(item.Key), token);
                }

                meter.Done(0, item.Value);
            });
    }

    private async Task CopyAsync(string key, Sha256Digest name, long length, bool replace, CancellationToken cancellationToken)
    {
        if (length is 0 or > RepositoryKey.MaximumObjectLength)
        {
            throw SealedObject.Damaged(RepositoryContent.NameOf(from.Objects, key), $"it has {length} bytes");
        }

        // An index of many chunks may be longer than a pack.
        using var buffer = length <= buffers.Block ? await buffers.RentAsync((int)length, cancellationToken) : null;
        var content = buffer?.Memory ?? new byte[length];
        await new RepositoryContent(from.Objects, key, length).ReadAsync(0, content, cancellationToken);
        if (Sha256Digest.Of(content.Span) is var actual && actual != name)
        {
            throw SealedObject.Damaged(RepositoryContent.NameOf(from.Objects, key), $"its SHA-256 is {actual}");
        }

        if (replace)
        {
            await to.ReplaceAsync(key, content, cancellationToken); // It has another length there: it is damaged.
        }
        else
        {
            await to.TryCreateAsync(key, content, cancellationToken);
        }

        Interlocked.Increment(ref copied);
        Interlocked.Add(ref bytesCopied, length);
    }

    private async Task ShowAsync(string key, CancellationToken cancellationToken)
    {
        var id = key[SealedSnapshot.Prefix.Length..];
        var content = await ReadAsync(from.Objects, key, cancellationToken);
        await SealedSnapshot.ReadAsync(from.Keys, content, id, RepositoryContent.NameOf(from.Objects, key), cancellationToken);
        if (await to.TryCreateAsync(key, content, cancellationToken))
        {
            return;
        }

        if (!(await ReadAsync(to, key, cancellationToken)).AsSpan().SequenceEqual(content))
        {
            throw new BackupException(
                BackupErrors.SnapshotConflict,
                $"The snapshot '{id}' in {to.Description} is not the one in {from.Objects.Description}.",
                isTransient: false,
                "Check which of the two is damaged or foreign, and delete it there before the copy is run again.");
        }
    }

    private static async Task<byte[]> ReadAsync(IRepository objects, string key, CancellationToken cancellationToken) =>
        await RepositoryContent.ReadWholeAsync(objects, key, RepositoryKey.MaximumObjectLength, cancellationToken) ?? throw RepositoryContent.Missing(objects, key);
}

/// <summary>What a copy did.</summary>
/// <param name="Snapshots">Snapshots that are visible in both places.</param>
/// <param name="ObjectsCopied">Packs and indexes sent, each found right by its name.</param>
/// <param name="ObjectsReused">Packs and indexes that were there, of the same length.</param>
/// <param name="BytesCopied">Bytes sent.</param>
public sealed record RepositoryCopy(long Snapshots, long ObjectsCopied, long ObjectsReused, long BytesCopied);
