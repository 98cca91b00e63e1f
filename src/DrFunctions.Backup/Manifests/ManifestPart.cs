using System.Text.Json;
using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Manifests;

/// <summary>
/// A stretch of a manifest, which a snapshot names. The stretch is cut into pieces; the list of their names and lengths, 36 bytes a piece, is cut the same way, and the
/// part names its pieces.
/// </summary>
/// <param name="Entries">Its lines.</param>
/// <param name="Lists">The pieces of the list, in order.</param>
internal sealed record ManifestPart(long Entries, IReadOnlyList<ManifestChunk> Lists)
{
    /// <summary>No path of the part is before it, and none of the parts before is not; null of the first part.</summary>
    public string? From { get; init; }

    /// <summary>Writes it, for a snapshot.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (From is not null)
        {
            json.WriteString("from", From);
        }

        json.WriteNumber("entries", Entries);
        json.WriteStartArray("lists");
        foreach (var list in Lists)
        {
            json.WriteStartObject();
            json.WriteString("chunk", list.Id.ToString());
            json.WriteNumber("length", list.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none; so are <see cref="KeyNotFoundException"/> and <see cref="InvalidOperationException"/>.</exception>
    public static ManifestPart Read(JsonElement json) => new(
        json.GetProperty("entries").GetInt64(),
        [.. json.GetProperty("lists").EnumerateArray().Select(list => new ManifestChunk(
            ChunkId.TryParse(list.GetProperty("chunk").GetString(), out var id) ? id : throw new FormatException("a chunk's name is not 64 hexadecimal digits"),
            list.GetProperty("length").GetInt32()))])
    {
        From = json.TryGetProperty("from", out var from) ? from.GetString() : null,
    };
}
