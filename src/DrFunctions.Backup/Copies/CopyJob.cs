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
/// <param name="options">How; default <see cref="CopyOptions"/>'s defaults.</param>
/// <remarks>
/// The snapshots are listed before the indexes, and those before the packs, and written the other way round: a snapshot that is seen in the copy has there what it had in the origin.
/// Memory: <see cref="ObjectsAtOnce"/> packs.
/// </remarks>
internal sealed class CopyJob(OpenedRepository from, IRepository to, ProgressMeter meter, CopyOptions? options = null)
{
    private const int ObjectsAtOnce = 4;

    // The storage does these, not this machine.
    private const int ServerSideAtOnce = 16;

    // A storage that refused so many has no reason to be asked about each of a million.
    private const int MostRefusals = 3;

    private readonly CopyOptions options = options ?? new CopyOptions();
    private readonly List<string> differingSlots = [];
    private readonly BufferBudget buffers = new((long)ObjectsAtOnce * from.Config.PackLength, from.Config.PackLength);
    private long copied;
    private long bytesCopied;
    private long reused;
    private long serverSide;
    private long readBack;
    private int refusals;
    private string? refusal;

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
        await CopyNamedAsync(PackId.Prefix, packs, MayAsk ? ServerSideAtOnce : ObjectsAtOnce, cancellationToken);
        await CopyNamedAsync(RepositoryIndex.Prefix, indexes, ObjectsAtOnce, cancellationToken);
        foreach (var key in snapshots.Where(item => item.Value != AbandonedSnapshot.Length).Select(item => item.Key))
        {
            await ShowAsync(key, cancellationToken);
            meter.Done(1, 0);
        }

        return new RepositoryCopy(snapshots.Count, copied, reused, bytesCopied)
        {
            ServerSide = serverSide,
            ReadBack = readBack,
            WhySent = refusal,
            DifferingSlots = differingSlots.Count == 0 ? Array.Empty<string>() : differingSlots.ToArray(),
        };
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

        // A slot that was added in the origin opens the copy, too.
        await CopySlotsAsync(cancellationToken);
        await CompareSlotsAsync(cancellationToken);
    }

    // Slots are never replaced, and nobody without their secrets can tell a right one from a damaged one.
    private async Task CopySlotsAsync(CancellationToken cancellationToken)
    {
        foreach (var key in (await ListAsync(from.Objects, KeySlots.Prefix, cancellationToken)).Keys)
        {
            await to.TryCreateAsync(key, await ReadAsync(from.Objects, key, cancellationToken), cancellationToken);
        }
    }

    // Nor are they removed: whoever destroyed the origin's must not have the copy's destroyed as well.
    private async Task CompareSlotsAsync(CancellationToken cancellationToken)
    {
        foreach (var key in (await ListAsync(to, KeySlots.Prefix, cancellationToken)).Keys.Order(StringComparer.Ordinal))
        {
            var here = await RepositoryContent.ReadWholeAsync(from.Objects, key, RepositoryKey.MaximumObjectLength, cancellationToken);
            var there = await ReadAsync(to, key, cancellationToken);
            if (here is null || !here.AsSpan().SequenceEqual(there))
            {
                differingSlots.Add(key[(key.LastIndexOf('/') + 1)..]);
            }
        }
    }

    private async Task CopyNamedAsync(string prefix, Dictionary<string, long> wanted, int atOnce, CancellationToken cancellationToken)
    {
        var before = serverSide;
        var there = await ListAsync(to, prefix, cancellationToken);
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (there.TryGetValue(item.Key, out var length) && length == item.Value)
                {
                    Interlocked.Increment(ref reused);
                }
                else if (Sha256Digest.TryParse(item.Key[(item.Key.LastIndexOf('/') + 1)..], out var name))
                {
                    await CopyAsync(item.Key, name, item.Value, replace: there.ContainsKey(item.Key), token); // One of another length is damaged.
                }

                meter.Done(0, item.Value);
            });
        if (serverSide > before)
        {
            await CompareLengthsAsync(prefix, wanted, cancellationToken);
        }
    }

    private async Task CompareLengthsAsync(string prefix, Dictionary<string, long> wanted, CancellationToken cancellationToken)
    {
        var there = await ListAsync(to, prefix, cancellationToken);
        foreach (var (key, length) in wanted.Where(item => there.GetValueOrDefault(item.Key, -1) != item.Value))
        {
            if (Sha256Digest.TryParse(key[(key.LastIndexOf('/') + 1)..], out var name))
            {
                await SendAsync(key, name, length, replace: true, cancellationToken);
            }
        }
    }

    private bool MayAsk => options.ServerSide && to is IServerSideCopy && Volatile.Read(ref refusals) < MostRefusals;

    private async Task CopyAsync(string key, Sha256Digest name, long length, bool replace, CancellationToken cancellationToken)
    {
        if (length is 0 or > RepositoryKey.MaximumObjectLength || (length > buffers.Block && key.StartsWith(PackId.Prefix, StringComparison.Ordinal)))
        {
            throw SealedObject.Damaged(RepositoryContent.NameOf(from.Objects, key), $"it has {length} bytes");
        }

        var asked = await AskAsync(key, replace, cancellationToken);
        if (asked == ServerSideOutcome.Refused || (asked == ServerSideOutcome.Copied && !await IsRightAsync(key, name, length, cancellationToken)))
        {
            await SendAsync(key, name, length, replace || asked == ServerSideOutcome.Copied, cancellationToken);
        }
        else if (asked == ServerSideOutcome.Copied)
        {
            Interlocked.Increment(ref serverSide);
        }

        Interlocked.Increment(ref copied);
        Interlocked.Add(ref bytesCopied, length);
    }

    private async Task<ServerSideOutcome> AskAsync(string key, bool replace, CancellationToken cancellationToken)
    {
        if (!MayAsk)
        {
            return ServerSideOutcome.Refused;
        }

        var answer = await ((IServerSideCopy)to).CopyFromAsync(from.Objects, key, replace, cancellationToken);
        if (answer.Outcome == ServerSideOutcome.Refused)
        {
            Interlocked.Increment(ref refusals);
            Interlocked.CompareExchange(ref refusal, answer.Refusal, null);
        }

        return answer.Outcome;
    }

    /// <summary>Whether what the storage copied is what was to be copied; not so where the origin's is damaged, which sending it finds out.</summary>
    private async Task<bool> IsRightAsync(string key, Sha256Digest name, long length, CancellationToken cancellationToken)
    {
        if (options.Verification == CopyVerification.None || (options.Verification == CopyVerification.Sampled && name.D % 16 != 0))
        {
            return true; // Its length is looked at with all the others'.
        }

        Interlocked.Increment(ref readBack);
        using var buffer = await RentAsync(length, cancellationToken);
        return await to.ReadAsync(key, 0, buffer.Memory, cancellationToken) == length && Sha256Digest.Of(buffer.Memory.Span) == name;
    }

    private async Task SendAsync(string key, Sha256Digest name, long length, bool replace, CancellationToken cancellationToken)
    {
        using var buffer = await RentAsync(length, cancellationToken);
        await new RepositoryContent(from.Objects, key, length).ReadAsync(0, buffer.Memory, cancellationToken);
        if (Sha256Digest.Of(buffer.Memory.Span) is var actual && actual != name)
        {
            throw SealedObject.Damaged(RepositoryContent.NameOf(from.Objects, key), $"its SHA-256 is {actual}");
        }

        if (replace)
        {
            await to.ReplaceAsync(key, buffer.Memory, cancellationToken);
        }
        else
        {
            await to.TryCreateAsync(key, buffer.Memory, cancellationToken);
        }
    }

    // An index of many chunks may be longer than a pack.
    private async Task<Lease> RentAsync(long length, CancellationToken cancellationToken)
    {
        if (length > buffers.Block)
        {
            return new Lease(new byte[length], null);
        }

        var lease = await buffers.RentAsync((int)length, cancellationToken);
        return new Lease(lease.Memory, lease);
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

    private readonly record struct Lease(Memory<byte> Memory, IDisposable? Owner) : IDisposable
    {
        public void Dispose() => Owner?.Dispose();
    }
}

/// <summary>What a copy did.</summary>
/// <param name="Snapshots">Snapshots that are visible in both places.</param>
/// <param name="ObjectsCopied">Packs and indexes that were not there before.</param>
/// <param name="ObjectsReused">Packs and indexes that were there, of the same length.</param>
/// <param name="BytesCopied">Bytes of the objects copied.</param>
public sealed record RepositoryCopy(long Snapshots, long ObjectsCopied, long ObjectsReused, long BytesCopied)
{
    /// <summary>How many of the objects the storage fetched itself; the others were sent, each found right by its name before.</summary>
    public long ServerSide { get; init; }

    /// <summary>How many of those were read back and found right by their names; of the others the length was looked at.</summary>
    public long ReadBack { get; init; }

    /// <summary>Why the storage did not fetch an object itself, its first such answer; null where it was not asked, or refused nothing.</summary>
    public string? WhySent { get; init; }

    /// <summary>
    /// Key slots of the copy that the origin does not have, or has otherwise: secrets that were changed there and still open the copy, or that are damaged in one of the two. A copy's slots are changed where it lies.
    /// </summary>
    public IReadOnlyList<string> DifferingSlots { get; init; } = [];
}
