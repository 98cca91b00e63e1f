using System.Text.Encodings.Web;
using System.Text.Json;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Manifests;

/// <summary>
/// A line of a manifest: one JSON object in UTF-8, names in this order, maps sorted, nothing optional written when it is absent:
/// <c>path length modified version chunks? lengths? headers? metadata? skipped?</c>. Of a file of one chunk the length is the chunk's, too.
/// </summary>
internal static class ManifestLine
{
    /// <summary>How it is written, always the same way.</summary>
    public static JsonWriterOptions Canonical { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an entry, without the line's end.</summary>
    public static void Write(Utf8JsonWriter json, ManifestEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("path", entry.Source.Path);
        json.WriteNumber("length", entry.Source.Length);
        json.WriteString("modified", entry.Source.LastModified.ToUniversalTime());
        json.WriteString("version", entry.Source.Version);
        if (entry.Chunks.Count > 0)
        {
            json.WriteStartArray("chunks");
            foreach (var chunk in entry.Chunks)
            {
                json.WriteStringValue(chunk.Id.ToString());
            }

            json.WriteEndArray();
        }

        if (entry.Chunks.Count > 1)
        {
            json.WriteStartArray("lengths");
            foreach (var chunk in entry.Chunks)
            {
                json.WriteNumberValue(chunk.Length);
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

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ManifestEntry Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
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
                return new ManifestEntry(source, [], skipped.GetString() ?? throw new FormatException("'skipped' is null"));
            }

            var chunks = ReadChunks(json, source.Length);
            return source.Length >= 0 && chunks.All(chunk => chunk.Length > 0) && chunks.Sum(chunk => (long)chunk.Length) == source.Length
                ? new ManifestEntry(source, chunks)
                : throw new FormatException($"its {chunks.Length} chunks are not its {source.Length} bytes");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"it is not an entry: {error.Message}", error);
        }
    }

    private static ManifestChunk[] ReadChunks(JsonElement json, long length)
    {
        if (!json.TryGetProperty("chunks", out var ids))
        {
            return [];
        }

        var chunks = new ManifestChunk[ids.GetArrayLength()];
        var lengths = chunks.Length == 1 ? default : json.GetProperty("lengths");
        if (chunks.Length != 1 && lengths.GetArrayLength() != chunks.Length)
        {
            throw new FormatException($"it has {chunks.Length} chunks and {lengths.GetArrayLength()} lengths");
        }

        for (var index = 0; index < chunks.Length; index++)
        {
            chunks[index] = new ManifestChunk(
                ChunkId.TryParse(ids[index].GetString(), out var id) ? id : throw new FormatException("a chunk's name is not 64 hexadecimal digits"),
                chunks.Length == 1 ? checked((int)Math.Min(length, int.MaxValue)) : lengths[index].GetInt32());
        }

        return chunks;
    }

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

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

    private static IReadOnlyDictionary<string, string> ReadMap(JsonElement json, string name) => json.TryGetProperty(name, out var map)
        ? map.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal)
        : SourceEntry.Nothing;
}
