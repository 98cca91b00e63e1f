using DrFunctions.Backup.Buffers;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Copies;

/// <summary>
/// Copies packs, byte for byte: has the storage fetch them where it can, and sends the others. What is copied was found right by its name, or at least by its directory's tag. Thread-safe.
/// </summary>
/// <param name="from">The origin.</param>
/// <param name="to">The copy.</param>
/// <param name="options">How.</param>
/// <param name="mayGo">Whether one that turns out to be there may be about to be removed: then it is written again all the same.</param>
/// <remarks>Memory: <see cref="SentAtOnce"/> packs.</remarks>
internal sealed class PackTransfer(OpenedRepository from, OpenedRepository to, CopyOptions options, Predicate<PackId> mayGo)
{
    private const int SentAtOnce = 4;

    // The storage does these, not this machine.
    private const int FetchedAtOnce = 16;

    // A storage that refused so many has no reason to be asked about each of a million.
    private const int MostRefusals = 3;

    private readonly BufferBudget buffers = new((long)SentAtOnce * from.Config.PackLength, from.Config.PackLength);
    private long bytes;
    private long serverSide;
    private long readBack;
    private int refusals;
    private string? refusal;

    /// <summary>Bytes of the packs that were copied.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>How many the storage fetched.</summary>
    public long ServerSide => Interlocked.Read(ref serverSide);

    /// <summary>How many of those were read back.</summary>
    public long ReadBack => Interlocked.Read(ref readBack);

    /// <summary>The storage's first refusal.</summary>
    public string? Refusal => refusal;

    /// <summary>How many are to be copied at once.</summary>
    public int AtOnce => MayAsk ? FetchedAtOnce : SentAtOnce;

    private bool MayAsk => options.ServerSide && to.Objects is IServerSideCopy && Volatile.Read(ref refusals) < MostRefusals;

    /// <summary>Copies a pack.</summary>
    /// <param name="id">The pack.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="replace">Whether one of that name is there, which is damaged or may be about to be removed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What it has.</returns>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataMissing"/>: the origin's is gone; <see cref="BackupErrors.DataDamaged"/>: it is damaged; or the storage's.</exception>
    public async Task<AdoptedPack> CopyAsync(PackId id, long length, bool replace, CancellationToken cancellationToken)
    {
        if (length <= 0 || length > buffers.Block)
        {
            throw SealedObject.Damaged(RepositoryContent.NameOf(from.Objects, id.Key), $"it has {length} bytes");
        }

        var asked = await AskAsync(id, replace, cancellationToken);
        if (asked == ServerSideOutcome.Exists && mayGo(id))
        {
            asked = await AskAsync(id, replace: true, cancellationToken);
        }

        var found = asked == ServerSideOutcome.Refused ? null : await FindRightAsync(id, length, isFetched: asked == ServerSideOutcome.Copied, cancellationToken);
        Interlocked.Add(ref serverSide, found is not null && asked == ServerSideOutcome.Copied ? 1 : 0);
        found ??= await SendAsync(id, length, replace || asked != ServerSideOutcome.Refused, cancellationToken);
        Interlocked.Add(ref bytes, length);
        return found;
    }

    /// <summary>What a pack of the copy has; null when it is not what its directory's tag says.</summary>
    public async Task<AdoptedPack?> FindAsync(PackId id, long length, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(id, length, new RepositoryContent(to.Objects, id.Key, length), cancellationToken);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.DataMissing)
        {
            return null;
        }
    }

    private async Task<ServerSideOutcome> AskAsync(PackId id, bool replace, CancellationToken cancellationToken)
    {
        if (!MayAsk || to.Objects is not IServerSideCopy storage)
        {
            return ServerSideOutcome.Refused;
        }

        var answer = await storage.CopyFromAsync(from.Objects, id.Key, replace, cancellationToken);
        if (answer.Outcome == ServerSideOutcome.Refused)
        {
            Interlocked.Increment(ref refusals);
            Interlocked.CompareExchange(ref refusal, answer.Refusal, null);
        }

        return answer.Outcome;
    }

    // What the storage copied is what was to be copied, unless the origin's is damaged, which sending it finds out.
    private async Task<AdoptedPack?> FindRightAsync(PackId id, long length, bool isFetched, CancellationToken cancellationToken)
    {
        if (!isFetched || options.Verification == CopyVerification.None || (options.Verification == CopyVerification.Sampled && id.Digest.D % 16 != 0))
        {
            return await FindAsync(id, length, cancellationToken);
        }

        Interlocked.Increment(ref readBack);
        using var buffer = await buffers.RentAsync((int)length, cancellationToken);
        return await to.Objects.ReadAsync(id.Key, 0, buffer.Memory, cancellationToken) == length && PackId.Of(buffer.Memory.Span) == id
            ? await OpenAsync(id, length, new MemoryContent(RepositoryContent.NameOf(to.Objects, id.Key), buffer.Memory), cancellationToken)
            : null;
    }

    private async Task<AdoptedPack> SendAsync(PackId id, long length, bool replace, CancellationToken cancellationToken)
    {
        using var buffer = await buffers.RentAsync((int)length, cancellationToken);
        await new RepositoryContent(from.Objects, id.Key, length).ReadAsync(0, buffer.Memory, cancellationToken);
        var name = RepositoryContent.NameOf(from.Objects, id.Key);
        if (Sha256Digest.Of(buffer.Memory.Span) is var actual && actual != id.Digest)
        {
            throw SealedObject.Damaged(name, $"its SHA-256 is {actual}");
        }

        if (replace || (!await to.Objects.TryCreateAsync(id.Key, buffer.Memory, cancellationToken) && mayGo(id)))
        {
            await to.Objects.ReplaceAsync(id.Key, buffer.Memory, cancellationToken);
        }

        return await OpenAsync(id, length, new MemoryContent(name, buffer.Memory), cancellationToken);
    }

    private async Task<AdoptedPack> OpenAsync(PackId id, long length, IObjectContent content, CancellationToken cancellationToken)
    {
        var directory = PackDirectory.Read(await SealedObject.OpenAsync(from.Keys, SealedKind.Pack, content, cancellationToken), content.Name);
        return new AdoptedPack(new IndexedPack(id, directory.Header, (int)length), directory.Entries);
    }
}
