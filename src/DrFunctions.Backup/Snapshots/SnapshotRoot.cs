using System.Buffers;
using System.Text;
using System.Text.Json;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Snapshots;

/// <summary>
/// What makes a snapshot visible, <c>snapshots/{id}</c>: a line about the snapshot, a line for each segment, and a line with the SHA-256 of
/// all lines before it.
/// </summary>
internal sealed record SnapshotRoot(Snapshot Snapshot, IReadOnlyList<SegmentReference> Segments)
{
    public const string Prefix = "snapshots/";
    private const string Format = "drfunctions-snapshot";
    private const int Version = 1;

    public static string KeyOf(string snapshotId) => Prefix + snapshotId;

    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, SegmentFormat.Canonical);
        Line(() =>
        {
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("id", Snapshot.Id);
            json.WriteString("workload", Snapshot.Workload);
            json.WriteString("policy", Snapshot.Policy);
            json.WriteString("source", Snapshot.Source);
            json.WriteString("restorePoint", Snapshot.RestorePoint);
            json.WriteString("completedAt", Snapshot.CompletedAt);
            json.WriteNumber("chunkSize", ChunkStore.ChunkSize);
            json.WriteNumber("files", Snapshot.Files);
            json.WriteNumber("bytes", Snapshot.Bytes);
            json.WriteNumber("vanished", Snapshot.Vanished);
            json.WriteNumber("unread", Snapshot.Unread);
        });
        foreach (var segment in Segments)
        {
            Line(() =>
            {
                json.WriteString("segment", segment.Sha256.ToString());
                json.WriteNumber("length", segment.Length);
                json.WriteNumber("entries", segment.Entries);
            });
        }

        var checksum = Sha256Digest.Of(buffer.WrittenSpan).ToString();
        Line(() => json.WriteString("sha256", checksum));
        return buffer.WrittenSpan.ToArray();

        void Line(Action content)
        {
            json.WriteStartObject();
            content();
            json.WriteEndObject();
            json.Flush();
            buffer.Write("\n"u8);
            json.Reset(buffer);
        }
    }

    /// <summary>Reads a root and authenticates it.</summary>
    /// <param name="content">The object's bytes.</param>
    /// <param name="snapshotId">The id it must have.</param>
    /// <param name="place">Where it is, for messages.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotDamaged"/> or <see cref="BackupErrors.FormatTooNew"/>.</exception>
    public static SnapshotRoot Read(ReadOnlyMemory<byte> content, string snapshotId, string place)
    {
        try
        {
            return Read(content, snapshotId);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BackupException(
                BackupErrors.SnapshotDamaged,
                $"The root '{KeyOf(snapshotId)}' in {place} is damaged: {error.Message}.",
                isTransient: false,
                "Copy the snapshot again from the other region's repository after this object is deleted, or restore another snapshot.",
                error);
        }

        SnapshotRoot Read(ReadOnlyMemory<byte> content, string snapshotId)
        {
            var last = content.Length > 1 ? content.Span[..^1].LastIndexOf((byte)'\n') : -1;
            if (last < 0 || content.Span[^1] != '\n')
            {
                throw new FormatException("it does not end with its checksum");
            }

            var checksum = Encoding.UTF8.GetBytes($"{{\"sha256\":\"{Sha256Digest.Of(content.Span[..(last + 1)])}\"}}\n");
            if (!content.Span[(last + 1)..].SequenceEqual(checksum))
            {
                throw new FormatException("it does not match its checksum");
            }

            var lines = Encoding.UTF8.GetString(content.Span[..last]).Split('\n');
            return new SnapshotRoot(ReadSnapshot(lines[0], snapshotId, place), [.. lines.Skip(1).Select(ReadSegment)]);
        }
    }

    /// <summary>Whose snapshot a root says it is, as far as that can be read; not authenticated.</summary>
    public static (string? Workload, string? Policy) ReadOwner(ReadOnlyMemory<byte> content)
    {
        try
        {
            var end = content.Span.IndexOf((byte)'\n');
            using var document = JsonDocument.Parse(end < 0 ? content : content[..end]);
            var json = document.RootElement;
            return (Text(json, "workload"), Text(json, "policy"));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return default; // It does not tell.
        }
    }

    private static Snapshot ReadSnapshot(string line, string snapshotId, string place)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        if (Text(json, "format") != Format)
        {
            throw new FormatException($"its format is '{Text(json, "format")}', not '{Format}'");
        }

        if (json.GetProperty("version").GetInt32() is var version && version > Version)
        {
            throw new BackupException(
                BackupErrors.FormatTooNew,
                $"The snapshot '{snapshotId}' in {place} has format version {version}; this program reads up to {Version}.",
                isTransient: false,
                "Use the version that wrote it, or a newer one.");
        }

        if (Text(json, "id") != snapshotId || json.GetProperty("chunkSize").GetInt32() != ChunkStore.ChunkSize)
        {
            throw new FormatException($"it is the root of '{Text(json, "id")}', in chunks of {json.GetProperty("chunkSize")} bytes");
        }

        return new Snapshot
        {
            Id = snapshotId,
            Workload = Text(json, "workload"),
            Policy = Text(json, "policy"),
            Source = Text(json, "source"),
            RestorePoint = json.GetProperty("restorePoint").GetDateTimeOffset(),
            CompletedAt = json.GetProperty("completedAt").GetDateTimeOffset(),
            Files = json.GetProperty("files").GetInt64(),
            Bytes = json.GetProperty("bytes").GetInt64(),
            Vanished = json.GetProperty("vanished").GetInt64(),
            Unread = json.GetProperty("unread").GetInt64(),
        };
    }

    private static SegmentReference ReadSegment(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        var length = json.GetProperty("length").GetInt32();
        return Sha256Digest.TryParse(json.GetProperty("segment").GetString(), out var digest) && length is > 0 and <= RepositoryKey.MaximumObjectLength
            ? new SegmentReference(digest, length, json.GetProperty("entries").GetInt32())
            : throw new FormatException("a segment's SHA-256 or length is none");
    }

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");
}

/// <summary>A segment of a manifest.</summary>
/// <param name="Sha256">Its address in the repository.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Entries">Lines.</param>
internal readonly record struct SegmentReference(Sha256Digest Sha256, int Length, int Entries);
