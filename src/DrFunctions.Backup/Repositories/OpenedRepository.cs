using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.Repositories;

/// <summary>A repository whose secret is known: what <see cref="BackupEngine"/> works on. Thread-safe until it is disposed, which wipes its keys from memory.</summary>
public sealed class OpenedRepository : IDisposable
{
    // A slot and a config are some hundred bytes; more is somebody else's object.
    private const int LongestDocument = 64 * 1024;
    private const int MostSlots = 64;

    private OpenedRepository(IRepository objects, RepositoryConfig config, RepositoryKeys keys) => (Objects, Config, Keys) = (objects, config, keys);

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
        if (wrappers.Count is < 2 or > MostSlots)
        {
            throw new ArgumentException($"{wrappers.Count} key slots; expected 2 to {MostSlots}", nameof(wrappers));
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
        foreach (var (id, wrapper) in wrappers)
        {
            var derivation = wrapper.CreateDerivation();
            var key = wrapper.Derive(config.Id, derivation) ?? throw new ArgumentException($"the wrapper of '{id}' cannot open its own slot", nameof(wrappers));
            var slot = new KeySlotDocument(wrapper.Kind, createdAt, derivation, KeySlot.Wrap(master, config.Id, id, key));
            await objects.ReplaceAsync(KeyOf(config.Id, id), slot.Write(), cancellationToken);
        }

        var keys = new RepositoryKeys(master, config.Id);
        return await objects.TryCreateAsync(RepositoryConfig.Key, config.Write(keys), cancellationToken)
            ? new OpenedRepository(objects, config, keys)
            : throw Exists(objects);
    }

    /// <summary>Opens a repository.</summary>
    /// <param name="objects">Where it is.</param>
    /// <param name="wrapper">Opens one of its slots.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.NoRepository"/>, <see cref="BackupErrors.WrongSecret"/>, <see cref="BackupErrors.DataDamaged"/>,
    /// <see cref="BackupErrors.FormatTooNew"/>, or the storage's.
    /// </exception>
    internal static async Task<OpenedRepository> OpenAsync(IRepository objects, IKeyWrapper wrapper, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(objects, RepositoryConfig.Key, cancellationToken) ?? throw new BackupException(
            BackupErrors.NoRepository,
            $"{objects.Description} holds no repository.",
            isTransient: false,
            "Check the name of the account and container, or make a repository there with 'dr backup init'.");
        var config = RepositoryConfig.Read(content, objects.Description);
        var prefix = KeyOf(config.Id, "");
        var tried = 0;
        await foreach (var item in objects.ListAsync(prefix, cancellationToken))
        {
            if (tried < MostSlots
                && await ReadAsync(objects, item.Key, cancellationToken) is { } stored
                && KeySlotDocument.Read(stored, item.Key[prefix.Length..]) is { } slot
                && slot.Kind == wrapper.Kind
                && wrapper.Derive(config.Id, slot.Derivation) is { } key)
            {
                tried++;
                using var master = slot.Slot.TryUnwrap(config.Id, key);
                if (master is not null)
                {
                    return Sealed(objects, config, new RepositoryKeys(master, config.Id), content);
                }
            }
        }

        throw new BackupException(
            BackupErrors.WrongSecret,
            tried == 0
                ? $"The repository in {objects.Description} has no key slot of the kind '{wrapper.Kind}'."
                : $"None of the {tried} key slots of the kind '{wrapper.Kind}' in {objects.Description} opens with what was given.",
            isTransient: false,
            "Check the passphrase or recovery key; any other slot of the repository opens it as well.");
    }

    /// <inheritdoc/>
    public void Dispose() => Keys.Dispose();

    // Under its repository's id, so that what an overtaken attempt left is not tried.
    private static string KeyOf(RepositoryId repository, string slot) => $"{KeySlotDocument.Prefix}{repository}/{slot}";

    private static OpenedRepository Sealed(IRepository objects, RepositoryConfig config, RepositoryKeys keys, byte[] content) =>
        RepositoryConfig.IsSealedBy(keys, content)
            ? new OpenedRepository(objects, config, keys)
            : throw new BackupException(
                BackupErrors.DataDamaged,
                $"The config of the repository in {objects.Description} is damaged: it does not match its seal.",
                isTransient: false,
                "Copy the object 'config' from the other region's repository, if that is a copy of this one.");

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

        var buffer = new byte[LongestDocument];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }
}
