using System.Text.Encodings.Web;
using System.Text.Json;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Snapshots;

/// <summary>
/// Lines of a manifest segment: one JSON object each, in UTF-8, names in this order, maps sorted, nothing optional written when it is
/// absent: <c>path length modified version sha256 chunks? headers? metadata? skipped?</c>.
/// </summary>
internal static class SegmentFormat
{
    public static JsonWriterOptions Canonical { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, SnapshotEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("path", entry.Source.Path);
        json.WriteNumber("length", entry.Source.Length);
        json.WriteString("modified", entry.Source.LastModified.ToUniversalTime());
        json.WriteString("version", entry.Source.Version);
        if (entry.Skipped is null)
        {
            json.WriteString("sha256", entry.Sha256.ToString());
        }

        if (entry.Chunks.Count > 1)
        {
            json.WriteStartArray("chunks");
            foreach (var chunk in entry.Chunks)
            {
                json.WriteStringValue(chunk.ToString());
            }

            json.WriteEndArray();
        }

        WriteMap(json, "headers", entry.Source.Headers);
        WriteMap(json, "metadata", entry.Source.Metadata);
        if (entry.Skipped is not null)
        {
            json.WriteString("skipped", entry.Skipped);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a segment.</summary>
    /// <exception cref="FormatException">It is not one; the message says which line and what was expected.</exception>
    public static IEnumerable<SnapshotEntry> Read(ReadOnlyMemory<byte> segment)
    {
        for (var line = 1; !segment.IsEmpty; line++)
        {
            var end = segment.Span.IndexOf((byte)'\n');
            if (end < 0)
            {
                throw new FormatException($"line {line} does not end");
            }

            yield return ReadLine(segment[..end], line);
            segment = segment[(end + 1)..];
        }
    }

    private static SnapshotEntry ReadLine(ReadOnlyMemory<byte> text, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            var source = new SourceEntry
            {
                Path = Text(json, "path"),
                Length = json.GetProperty("length").GetInt64(),
                LastModified = json.GetProperty("modified").GetDateTimeOffset(),
                Version = Text(json, "version"),
                Headers = ReadMap(json, "headers"),
                Metadata = ReadMap(json, "metadata"),
            };
            if (json.TryGetProperty("skipped", out var skipped))
            {
                return new SnapshotEntry(source, default, [], skipped.GetString());
            }

            var sha256 = Digest(json.GetProperty("sha256"));
            var count = (source.Length + ChunkStore.ChunkSize - 1) / ChunkStore.ChunkSize;
            Sha256Digest[] chunks = json.TryGetProperty("chunks", out var list) ? [.. list.EnumerateArray().Select(Digest)]
                : count == 0 ? []
                : [sha256];
            return source.Length >= 0 && chunks.Length == count
                ? new SnapshotEntry(source, sha256, chunks)
                : throw new FormatException($"{source.Length} bytes are {count} chunks, not {chunks.Length}");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"line {line} is not an entry: {error.Message}", error);
        }
    }

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static Sha256Digest Digest(JsonElement json) =>
        Sha256Digest.TryParse(json.GetString(), out var digest) ? digest : throw new FormatException("a SHA-256 is not 64 hexadecimal digits");

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static Dictionary<string, string> ReadMap(JsonElement json, string name) => json.TryGetProperty(name, out var map)
        ? map.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal)
        : [];
}
