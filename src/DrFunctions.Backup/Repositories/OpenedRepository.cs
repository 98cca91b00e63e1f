using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.Repositories;

/// <summary>A repository whose secret is known: what <see cref="BackupEngine"/> works on. Thread-safe until it is disposed, which wipes its keys from memory.</summary>
public sealed class OpenedRepository : IDisposable
{
    // A config is some hundred bytes; more is somebody else's object.
    private const int LongestConfig = 64 * 1024;

    private OpenedRepository(IRepository objects, RepositoryConfig config, RepositoryKeys keys, RepositoryOpening opening) =>
        (Objects, Config, Keys, Opening) = (objects, config, keys, opening);

    /// <summary>Which repository it is, in words for people; never a secret.</summary>
    public string Description => Objects.Description;

    /// <summary>What tells it from any other: 32 hexadecimal digits. A copy has its origin's.</summary>
    public string Id => Config.Id.ToString();

    /// <summary>Its objects.</summary>
    internal IRepository Objects { get; }

    /// <summary>What never changes in it.</summary>
    internal RepositoryConfig Config { get; }

    /// <summary>Its keys.</summary>
    internal RepositoryKeys Keys { get; }

    /// <summary>What opened it, and what was passed over.</summary>
    public RepositoryOpening Opening { get; }

    /// <summary>
    /// Makes a repository, unless one is there already. The slots are written first and the config last: what a killed or overtaken attempt leaves are slots
    /// that open nothing.
    /// </summary>
    /// <param name="objects">Where.</param>
    /// <param name="wrappers">By slot id, what will open it; two at least, so that the loss of one is not the loss of all.</param>
    /// <param name="chunking">How files are cut.</param>
    /// <param name="packLength">Bytes of the longest pack.</param>
    /// <param name="createdAt">Now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">There are fewer than two wrappers, or the numbers contradict each other.</exception>
    /// <exception cref="BackupException"><see cref="BackupErrors.RepositoryExists"/>, or the storage's.</exception>
    internal static async Task<OpenedRepository> CreateAsync(
        IRepository objects,
        IReadOnlyDictionary<string, IKeyWrapper> wrappers,
        ChunkingParameters chunking,
        int packLength,
        DateTimeOffset createdAt,
        CancellationToken cancellationToken)
    {
        if (wrappers.Count is < KeySlots.Least or > KeySlots.Most)
        {
            throw new ArgumentException($"{wrappers.Count} key slots; expected {KeySlots.Least} to {KeySlots.Most}", nameof(wrappers));
        }

        var config = new RepositoryConfig(RepositoryId.Create(), createdAt, chunking, packLength);
        if (config.Mistake is { } mistake)
        {
            throw new ArgumentException(mistake, nameof(packLength));
        }

        if (await ReadAsync(objects, RepositoryConfig.Key, cancellationToken) is not null)
        {
            throw Exists(objects);
        }

        using var master = MasterKey.Create();
        var slots = new KeySlots(objects, config.Id, TimeProvider.System);
        foreach (var (id, wrapper) in wrappers)
        {
            var slot = await slots.WrapAsync(master, id, wrapper, createdAt, cancellationToken);
            await objects.ReplaceAsync(slots.KeyOf(id), slot.Write(), cancellationToken);
        }

        var keys = new RepositoryKeys(master, config.Id);
        var (first, by) = wrappers.First();
        var content = config.Write(keys);

        // One that is there may be this very one, whose write was repeated because its answer was lost; it names a random id.
        return await objects.TryCreateAsync(RepositoryConfig.Key, content, cancellationToken)
            || await ReadAsync(objects, RepositoryConfig.Key, cancellationToken) is { } there && there.AsSpan().SequenceEqual(content)
            ? new OpenedRepository(objects, config, keys, new RepositoryOpening(first, by.Kind, by.Description, []))
            : throw Exists(objects);
    }

    /// <summary>Opens a repository with one secret.</summary>
    /// <param name="objects">Where it is.</param>
    /// <param name="wrapper">Opens one of its slots.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">As where there are several.</exception>
    internal static Task<OpenedRepository> OpenAsync(IRepository objects, IKeyWrapper wrapper, CancellationToken cancellationToken) =>
        OpenAsync(objects, [wrapper], cancellationToken);

    /// <summary>Opens a repository with the first of several secrets that opens one of its slots. One that does not answer is passed over after 20 s.</summary>
    /// <param name="objects">Where it is.</param>
    /// <param name="wrappers">The secrets, in the order in which they are tried: a vault nearby before one far away, what people keep last.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="time">The clock of that limit; default the system's.</param>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.NoRepository"/>, <see cref="BackupErrors.WrongSecret"/>, <see cref="BackupErrors.KeyUnavailable"/>, <see cref="BackupErrors.DataDamaged"/>,
    /// <see cref="BackupErrors.FormatTooNew"/>, or the storage's.
    /// </exception>
    internal static async Task<OpenedRepository> OpenAsync(
        IRepository objects, IReadOnlyList<IKeyWrapper> wrappers, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var (config, content) = await ReadConfigAsync(objects, cancellationToken);
        var slots = new KeySlots(objects, config.Id, time ?? TimeProvider.System);
        var (master, opening) = await slots.UnlockAsync(await slots.ListAsync(cancellationToken), wrappers, SealsOf(config, content), cancellationToken);
        using (master)
        {
            return new OpenedRepository(objects, config, new RepositoryKeys(master, config.Id), opening);
        }
    }

    /// <summary>Reads the config of a repository, and its bytes; whether it is to be believed, <see cref="SealsOf"/> says.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.NoRepository"/>, <see cref="BackupErrors.DataDamaged"/>, <see cref="BackupErrors.FormatTooNew"/>, or the storage's.</exception>
    internal static async Task<(RepositoryConfig Config, byte[] Content)> ReadConfigAsync(IRepository objects, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(objects, RepositoryConfig.Key, cancellationToken) ?? throw new BackupException(
            BackupErrors.NoRepository,
            $"{objects.Description} holds no repository.",
            isTransient: false,
            "Check the name of the account and container, or make a repository there with 'dr backup init'.");
        return (RepositoryConfig.Read(content, objects.Description), content);
    }

    /// <summary>Whether a master key is the one that sealed a config.</summary>
    internal static Func<MasterKey, bool> SealsOf(RepositoryConfig config, byte[] content) => master =>
    {
        using var keys = new RepositoryKeys(master, config.Id);
        return RepositoryConfig.IsSealedBy(keys, content);
    };

    /// <summary>The same repository by another way to its objects, or a copy of it. It has this one's keys, and is not to be disposed of.</summary>
    internal OpenedRepository At(IRepository objects) => new(objects, Config, Keys, Opening);

    /// <inheritdoc/>
    public void Dispose() => Keys.Dispose();

    private static BackupException Exists(IRepository objects) => new(
        BackupErrors.RepositoryExists,
        $"{objects.Description} holds a repository already; nothing in it was changed.",
        isTransient: false,
        "Open it, or choose another container.");

    private static async Task<byte[]?> ReadAsync(IRepository objects, string key, CancellationToken cancellationToken)
    {
        await using var stream = await objects.OpenReadAsync(key, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var buffer = new byte[LongestConfig];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }
}
