using System.Security.Cryptography;
using System.Text.Json;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Copies;

/// <summary>
/// Says that somebody copies snapshots into a repository, or was killed, <c>copies/{random}</c>: a sealed object without records, whose directory is one JSON object that names the snapshots it may show.
/// It is written before anything is looked at that the copy relies on, as a checkpoint is. A prune waits for it until each of those stands there, or what keeps it away; it never gives a snapshot up itself,
/// since that would keep it from the copy for good.
/// </summary>
internal sealed class CopyMark
{
    /// <summary>What the keys of marks begin with.</summary>
    public const string Prefix = "copies/";

    /// <summary>An empty object that stays: copies were made into the repository, so that a snapshot that is removed from it leaves something in its place, and the next copy does not bring it back.</summary>
    public const string Here = Prefix + "here";

    /// <summary>After so long a mark's copier is taken for dead.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private const string Format = "drfunctions-copy";
    private const int Version = 2;
    private const int NonceLength = 16;

    private readonly IRepository objects;

    private CopyMark(IRepository objects, string key) => (this.objects, Key) = (objects, key);

    /// <summary>Its key.</summary>
    public string Key { get; }

    /// <summary>Writes one.</summary>
    /// <param name="repository">The repository that is copied into.</param>
    /// <param name="snapshots">The ids that may become visible.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<CopyMark> BeginAsync(OpenedRepository repository, IEnumerable<string> snapshots, CancellationToken cancellationToken)
    {
        await repository.Objects.TryCreateAsync(Here, ReadOnlyMemory<byte>.Empty, cancellationToken);
        var directory = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["format"] = Format, ["version"] = Version, ["snapshots"] = snapshots });
        using var writer = new SealedWriter(repository.Keys, SealedKind.Checkpoint, checked((int)SealedFormat.LengthOf(0, 0, directory.Length)));
        var mark = new CopyMark(repository.Objects, Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceLength)));
        await repository.Objects.TryCreateAsync(mark.Key, writer.Close(directory), cancellationToken);
        return mark;
    }

    /// <summary>The marks of a repository.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<IReadOnlyList<RepositoryObject>> ListAsync(IRepository objects, CancellationToken cancellationToken) =>
        await objects.ListAsync(Prefix, cancellationToken).Where(item => item.Key != Here).ToListAsync(cancellationToken);

    /// <summary>The ids that a mark names; null when it is gone.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>, <see cref="BackupErrors.FormatTooNew"/>, or the storage's.</exception>
    public static async Task<IReadOnlyList<string>?> ReadAsync(OpenedRepository repository, string key, CancellationToken cancellationToken)
    {
        if (await RepositoryContent.ReadWholeAsync(repository.Objects, key, RepositoryKey.MaximumObjectLength, cancellationToken) is not { } content)
        {
            return null;
        }

        var name = RepositoryContent.NameOf(repository.Objects, key);
        var opened = await SealedObject.OpenAsync(repository.Keys, SealedKind.Checkpoint, new MemoryContent(name, content), cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(opened.Directory);
            var json = document.RootElement;
            if ((json.GetProperty("format").GetString(), json.GetProperty("version").GetInt32()) != (Format, Version))
            {
                throw new FormatException("it is not a copy's");
            }

            return [.. json.GetProperty("snapshots").EnumerateArray().Select(id => id.GetString() is { } text && SnapshotId.IsValid(text) ? text : throw new FormatException("it names no snapshot"))];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw SealedObject.Damaged(name, error.Message);
        }
    }

    /// <summary>Removes it, if that can be done, when the copy failed before it could show anything.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            await objects.DeleteAsync(Key, CancellationToken.None);
        }
        catch (BackupException)
        {
            // As after a kill: another copy settles it.
        }
    }

    /// <summary>Removes it, when all is visible.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => objects.DeleteAsync(Key, cancellationToken);
}
