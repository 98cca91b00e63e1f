using System.Buffers;
using System.Text.Json;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Snapshots;

/// <summary>
/// What makes a snapshot visible, <c>snapshots/{id}</c>: a sealed object without records, whose directory is one JSON object. Its create-only write is the last one of a
/// backup.
/// </summary>
/// <param name="Snapshot">What is said of it.</param>
/// <param name="Manifest">The parts of its manifest, in order.</param>
internal sealed record SealedSnapshot(Snapshot Snapshot, IReadOnlyList<ManifestPart> Manifest)
{
    /// <summary>What the keys of snapshots begin with.</summary>
    public const string Prefix = "snapshots/";

    /// <summary>More bytes than any has: some 700 million files.</summary>
    public const int LongestObject = 16 * 1024 * 1024;

    private const string Format = "drfunctions-snapshot";
    private const int Version = 2;

    /// <summary>The key of a snapshot.</summary>
    public static string KeyOf(string snapshotId) => Prefix + snapshotId;

    /// <summary>Its bytes.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="random">Fills the salt; default: the system's random numbers.</param>
    public ReadOnlyMemory<byte> Write(RepositoryKeys keys, Action<Span<byte>>? random = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ManifestLine.Canonical))
        {
            Write(json);
        }

        using var writer = new SealedWriter(keys, SealedKind.Snapshot, checked((int)SealedFormat.LengthOf(0, 0, buffer.WrittenCount)), random);
        return writer.Close(buffer.WrittenSpan);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="snapshotId">The id it must have.</param>
    /// <param name="name">The object in words.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotDamaged"/> or <see cref="BackupErrors.FormatTooNew"/>.</exception>
    public static async Task<SealedSnapshot> ReadAsync(
        RepositoryKeys keys, ReadOnlyMemory<byte> content, string snapshotId, string name, CancellationToken cancellationToken)
    {
        try
        {
            var opened = await SealedObject.OpenAsync(keys, SealedKind.Snapshot, new MemoryContent(name, content), cancellationToken);
            if (opened.RecordsEnd != SealedFormat.HeaderLength)
            {
                throw new FormatException("it has records");
            }

            using var document = JsonDocument.Parse(opened.Directory);
            return Read(document.RootElement, snapshotId, name);
        }
        catch (BackupException error) when (error.Code == BackupErrors.DataDamaged)
        {
            throw Damaged(error.Message, error);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged($"{name} is damaged: {error.Message}", error);
        }

        BackupException Damaged(string message, Exception cause) => new(
            BackupErrors.SnapshotDamaged,
            $"The snapshot '{snapshotId}' cannot be read: {message}.",
            isTransient: false,
            "Copy the snapshot again from the other region's repository after this object is deleted, or restore another snapshot.",
            cause);
    }

    private static SealedSnapshot Read(JsonElement json, string snapshotId, string name)
    {
        if (Text(json, "format") != Format)
        {
            throw new FormatException($"its format is '{Text(json, "format")}', not '{Format}'");
        }

        if (json.GetProperty("version").GetInt32() is var version && version != Version)
        {
            throw version < Version
                ? new FormatException($"its version is {version}, not {Version}")
                : new BackupException(
                    BackupErrors.FormatTooNew,
                    $"{name} has format version {version}; this program reads up to {Version}.",
                    isTransient: false,
                    "Use the version of the program that wrote it, or a newer one.");
        }

        if (Text(json, "id") != snapshotId)
        {
            throw new FormatException($"it is the snapshot '{Text(json, "id")}'");
        }

        var snapshot = new Snapshot
        {
            Id = snapshotId,
            Workload = Text(json, "workload"),
            Policy = Text(json, "policy"),
            Source = Text(json, "source"),
            Kind = Text(json, "kind") switch
            {
                "full" => SnapshotKind.Full,
                "incremental" => SnapshotKind.Incremental,
                "differential" => SnapshotKind.Differential,
                var other => throw new FormatException($"its kind is '{other}'"),
            },
            Parent = Optional(json, "parent"),
            LastFull = Optional(json, "lastFull"),
            RestorePoint = json.GetProperty("restorePoint").GetDateTimeOffset(),
            CompletedAt = json.GetProperty("completedAt").GetDateTimeOffset(),
            Files = json.GetProperty("files").GetInt64(),
            Bytes = json.GetProperty("bytes").GetInt64(),
            BytesAdded = json.GetProperty("bytesAdded").GetInt64(),
            Vanished = json.GetProperty("vanished").GetInt64(),
            Unread = json.GetProperty("unread").GetInt64(),
        };
        return new SealedSnapshot(snapshot, [.. json.GetProperty("manifest").EnumerateArray().Select(ManifestPart.Read)]);
    }

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("id", Snapshot.Id);
        json.WriteString("workload", Snapshot.Workload);
        json.WriteString("policy", Snapshot.Policy);
        json.WriteString("source", Snapshot.Source);
        json.WriteString("kind", Snapshot.Kind switch
        {
            SnapshotKind.Full => "full",
            SnapshotKind.Incremental => "incremental",
            _ => "differential",
        });
        WriteOptional(json, "parent", Snapshot.Parent);
        WriteOptional(json, "lastFull", Snapshot.LastFull);
        json.WriteString("restorePoint", Snapshot.RestorePoint.ToUniversalTime());
        json.WriteString("completedAt", Snapshot.CompletedAt.ToUniversalTime());
        json.WriteNumber("files", Snapshot.Files);
        json.WriteNumber("bytes", Snapshot.Bytes);
        json.WriteNumber("bytesAdded", Snapshot.BytesAdded);
        json.WriteNumber("vanished", Snapshot.Vanished);
        json.WriteNumber("unread", Snapshot.Unread);
        json.WriteStartArray("manifest");
        foreach (var part in Manifest)
        {
            part.Write(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
