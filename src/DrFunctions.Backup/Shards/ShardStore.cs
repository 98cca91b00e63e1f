using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Shards;

/// <summary>
/// What is kept of a backup in shards until its snapshot is there: <c>parts/{snapshot}/begun</c>, a part for each shard under the SHA-256 of its first path, and beside it
/// a mark that it was begun.
/// </summary>
/// <param name="repository">Where.</param>
/// <param name="snapshotId">Whose.</param>
internal sealed class ShardStore(OpenedRepository repository, string snapshotId)
{
    /// <summary>What the keys begin with.</summary>
    public const string Prefix = "parts/";

    private const string Format = "drfunctions-part";
    private const int Version = 2;
    private const int LongestObject = SealedSnapshot.LongestObject;
    private const string Mark = ".begun";

    private string Own => $"{Prefix}{snapshotId}/";

    private string BeginningKey => Own + "begun";

    /// <summary>Keeps how the backup began, unless that is kept already; returns what is kept.</summary>
    public async Task<ShardBeginning> BeginAsync(ShardBeginning beginning, CancellationToken cancellationToken)
    {
        if (await FindBeginningAsync(cancellationToken) is { } found)
        {
            return found;
        }

        var content = Seal(json =>
        {
            json.WriteString("source", beginning.Source);
            json.WriteString("restorePoint", beginning.RestorePoint.ToUniversalTime());
            Optional(json, "parent", beginning.Parent);
            Optional(json, "lastFull", beginning.LastFull);
        });
        return await repository.Objects.TryCreateAsync(BeginningKey, content, cancellationToken)
            ? beginning
            : await FindBeginningAsync(cancellationToken) ?? throw RepositoryContent.Missing(repository.Objects, BeginningKey);
    }

    /// <summary>How the backup began; null when it did not, or has ended.</summary>
    public Task<ShardBeginning?> FindBeginningAsync(CancellationToken cancellationToken) => ReadAsync(BeginningKey, json => new ShardBeginning(
        Text(json, "source"), json.GetProperty("restorePoint").GetDateTimeOffset(), OptionalText(json, "parent"), OptionalText(json, "lastFull")), cancellationToken);

    /// <summary>The part that begins at a path; null when there is none yet.</summary>
    public Task<ShardPart?> FindAsync(string? from, CancellationToken cancellationToken) => ReadAsync(KeyOf(from), Part, cancellationToken);

    /// <summary>Marks that somebody takes the shard; false when that was marked before.</summary>
    public Task<bool> TryMarkAsync(string? from, CancellationToken cancellationToken) =>
        repository.Objects.TryCreateAsync(KeyOf(from) + Mark, Seal(_ => { }), cancellationToken);

    /// <summary>Keeps a part whose content is durable, unless one is kept already; returns what is kept.</summary>
    public async Task<ShardPart> KeepAsync(ShardPart part, CancellationToken cancellationToken)
    {
        var content = Seal(json =>
        {
            Optional(json, "from", part.From);
            Optional(json, "to", part.To);
            Optional(json, "marker", part.Marker);
            json.WriteNumber("files", part.Taken.Files);
            json.WriteNumber("bytes", part.Taken.Bytes);
            json.WriteNumber("bytesAdded", part.Taken.BytesAdded);
            json.WriteNumber("vanished", part.Taken.Vanished);
            json.WriteNumber("unread", part.Taken.Unread);
            json.WritePropertyName("manifest");
            part.Taken.Manifest.Write(json);
        });
        var key = KeyOf(part.From);
        return await repository.Objects.TryCreateAsync(key, content, cancellationToken)
            ? part
            : await FindAsync(part.From, cancellationToken) ?? throw RepositoryContent.Missing(repository.Objects, key);
    }

    /// <summary>All parts, in the order of their paths.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataMissing"/>: one is not there yet.</exception>
    public async Task<IReadOnlyList<ShardPart>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var parts = new List<ShardPart>();
        for (string? from = null; parts.Count == 0 || from is not null; from = parts[^1].To)
        {
            parts.Add(await FindAsync(from, cancellationToken) ?? throw new BackupException(
                BackupErrors.DataMissing,
                $"The backup '{snapshotId}' in {repository.Objects.Description} lacks the shard that begins {(from is null ? "at its first path" : $"at '{from}'")}.",
                isTransient: false,
                "Take that shard, and then commit again."));
        }

        return parts;
    }

    /// <summary>Removes everything that is kept, how it began last.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in repository.Objects.ListAsync(Own, cancellationToken))
        {
            if (item.Key != BeginningKey)
            {
                await repository.Objects.DeleteAsync(item.Key, cancellationToken);
            }
        }

        await repository.Objects.DeleteAsync(BeginningKey, cancellationToken);
    }

    private static ShardPart Part(JsonElement json) => new(
        OptionalText(json, "from"),
        OptionalText(json, "to"),
        OptionalText(json, "marker"),
        new BackupPart(
            ManifestPart.Read(json.GetProperty("manifest")),
            json.GetProperty("files").GetInt64(),
            json.GetProperty("bytes").GetInt64(),
            json.GetProperty("bytesAdded").GetInt64(),
            json.GetProperty("vanished").GetInt64(),
            json.GetProperty("unread").GetInt64()));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static string? OptionalText(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private string KeyOf(string? from) => Own + (from is null ? "first" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(from))));

    private ReadOnlyMemory<byte> Seal(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ManifestLine.Canonical))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("snapshot", snapshotId);
            write(json);
            json.WriteEndObject();
        }

        using var writer = new SealedWriter(repository.Keys, SealedKind.Part, checked((int)SealedFormat.LengthOf(0, 0, buffer.WrittenCount)));
        return writer.Close(buffer.WrittenSpan);
    }

    private async Task<T?> ReadAsync<T>(string key, Func<JsonElement, T> read, CancellationToken cancellationToken)
        where T : class
    {
        if (await RepositoryContent.ReadWholeAsync(repository.Objects, key, LongestObject, cancellationToken) is not { } content)
        {
            return null;
        }

        var name = RepositoryContent.NameOf(repository.Objects, key);
        var opened = await SealedObject.OpenAsync(repository.Keys, SealedKind.Part, new MemoryContent(name, content), cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(opened.Directory);
            var json = document.RootElement;
            return (Text(json, "format"), json.GetProperty("version").GetInt32(), Text(json, "snapshot")) == (Format, Version, snapshotId)
                ? read(json)
                : throw new FormatException($"it is not a part of the backup '{snapshotId}'");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw SealedObject.Damaged(name, error.Message);
        }
    }
}

/// <summary>How a backup in shards began.</summary>
/// <param name="Source">The source in words.</param>
/// <param name="RestorePoint">The time it shows.</param>
/// <param name="Parent">The snapshot it relies on; null for none.</param>
/// <param name="LastFull">The full one that its parents lead to; null for none.</param>
internal sealed record ShardBeginning(string Source, DateTimeOffset RestorePoint, string? Parent, string? LastFull);

/// <summary>A shard, or what was taken of one until its time was over.</summary>
/// <param name="From">Its first path; null for the first of all.</param>
/// <param name="To">The first path that is not in it; null for none.</param>
/// <param name="Marker">The page of the listing in which that is.</param>
/// <param name="Taken">What was taken.</param>
internal sealed record ShardPart(string? From, string? To, string? Marker, BackupPart Taken);
