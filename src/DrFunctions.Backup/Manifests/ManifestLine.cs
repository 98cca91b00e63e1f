using System.Text.Encodings.Web;
using System.Text.Json;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Manifests;

/// <summary>
/// A line of a manifest: one JSON object in UTF-8, names in this order, maps sorted, nothing optional written when it is absent:
/// <c>path kind? length? modified version? link? mode? uid? gid? user? group? hardlink? device? xattrs? holes? chunks? lengths? headers? metadata? skipped?</c>.
/// Without a kind it is a file; of a file of one chunk the content's length is the chunk's, too. Bytes that are no UTF-8 are <c>{"base64":"…"}</c> in place of a text.
/// </summary>
internal static class ManifestLine
{
    /// <summary>What stands for bytes in place of a text.</summary>
    public const string Base64 = "base64";

    private static readonly string?[] Kinds = [null, "folder", "symlink", "pipe", "chardev", "blockdev", "socket"];

    /// <summary>How it is written, always the same way.</summary>
    public static JsonWriterOptions Canonical { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The kind of a word; null when it is none.</summary>
    public static EntryKind? KindOf(string? word) => Array.IndexOf(Kinds, word) is var index and > 0 ? (EntryKind)index : null;

    /// <summary>Writes an entry, without the line's end.</summary>
    public static void Write(Utf8JsonWriter json, ManifestEntry entry)
    {
        var source = entry.Source;
        json.WriteStartObject();
        WriteText(json, "path", source.Path);
        if (source.Kind == EntryKind.File)
        {
            json.WriteNumber("length"u8, source.Length);
        }
        else
        {
            json.WriteString("kind"u8, Kinds[(int)source.Kind]);
        }

        json.WriteNumber("modified"u8, ManifestTime.Of(source));
        if (source.Version.Length > 0)
        {
            json.WriteString("version"u8, source.Version);
        }

        if (source.LinkTarget is { } link)
        {
            WriteText(json, "link", link);
        }

        if (source.Unix is { } unix)
        {
            WriteUnix(json, unix);
        }

        if (source.Holes.Count > 0)
        {
            json.WriteStartArray("holes"u8);
            foreach (var hole in source.Holes)
            {
                json.WriteNumberValue(hole.Offset);
                json.WriteNumberValue(hole.Length);
            }

            json.WriteEndArray();
        }

        WriteChunks(json, entry.Chunks);
        WriteMap(json, "headers", source.Headers);
        WriteMap(json, "metadata", source.Metadata);
        if (entry.Skipped is not null)
        {
            json.WriteString("skipped"u8, entry.Skipped);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ManifestEntry Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            return new ManifestParser(line.Span).Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new FormatException($"it is not an entry: {error.Message}", error);
        }
    }

    private static void WriteChunks(Utf8JsonWriter json, IReadOnlyList<ManifestChunk> chunks)
    {
        if (chunks.Count > 0)
        {
            json.WriteStartArray("chunks"u8);
            foreach (var chunk in chunks)
            {
                json.WriteStringValue(chunk.Id.ToString());
            }

            json.WriteEndArray();
        }

        if (chunks.Count > 1)
        {
            json.WriteStartArray("lengths"u8);
            foreach (var chunk in chunks)
            {
                json.WriteNumberValue(chunk.Length);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteUnix(Utf8JsonWriter json, UnixAttributes unix)
    {
        Span<char> octal = stackalloc char[4];
        json.WriteString("mode"u8, octal[..WriteOctal(unix.Mode, octal)]);
        if (unix.UserId != 0)
        {
            json.WriteNumber("uid"u8, unix.UserId);
        }

        if (unix.GroupId != 0)
        {
            json.WriteNumber("gid"u8, unix.GroupId);
        }

        WriteText(json, "user", unix.UserName);
        WriteText(json, "group", unix.GroupName);
        WriteText(json, "hardlink", unix.HardLink);
        if (unix.Device is { } device)
        {
            json.WriteStartArray("device"u8);
            json.WriteNumberValue(device.Major);
            json.WriteNumberValue(device.Minor);
            json.WriteEndArray();
        }

        if (unix.ExtendedAttributes.Count > 0)
        {
            json.WriteStartArray("xattrs"u8);
            foreach (var attribute in unix.ExtendedAttributes)
            {
                json.WriteStartArray();
                WriteTextValue(json, attribute.Name);
                json.WriteBase64StringValue(attribute.Value.Span);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }
    }

    private static int WriteOctal(int mode, Span<char> target)
    {
        var digits = mode < 8 ? 1 : mode < 0x40 ? 2 : mode < 0x200 ? 3 : 4;
        for (var index = digits - 1; index >= 0; index--, mode >>= 3)
        {
            target[index] = (char)('0' + (mode & 7));
        }

        return digits;
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WritePropertyName(name);
            WriteTextValue(json, text);
        }
    }

    private static void WriteTextValue(Utf8JsonWriter json, string text)
    {
        if (PathText.IsUtf8(text))
        {
            json.WriteStringValue(text);
            return;
        }

        json.WriteStartObject();
        json.WriteBase64String(Base64, PathText.BytesOf(text));
        json.WriteEndObject();
    }

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
}
