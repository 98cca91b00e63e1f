using System.Text.Json;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Manifests;

/// <summary>Reads a line of a manifest in one go. What it does not know it passes over: a later version may say more.</summary>
internal ref struct ManifestParser(ReadOnlySpan<byte> line)
{
    private const int MostMode = 0xFFF;
    private const int LongestName = 16;

    private Utf8JsonReader json = new(line);
    private string? path;
    private EntryKind kind = EntryKind.File;
    private long? length;
    private decimal? modified;
    private string version = "";
    private string? link;
    private int? mode;
    private uint uid;
    private uint gid;
    private string? user;
    private string? group;
    private string? hardLink;
    private DeviceNumber? device;
    private List<AttributeValue>? attributes;
    private List<Hole>? holes;
    private List<ChunkId>? chunks;
    private List<long>? lengths;
    private IReadOnlyDictionary<string, string> headers = SourceEntry.Nothing;
    private IReadOnlyDictionary<string, string> metadata = SourceEntry.Nothing;
    private string? skipped;

    /// <summary>The entry.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidOperationException">A value is of another type.</exception>
    public ManifestEntry Read()
    {
        Expect(JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!ReadProperty())
            {
                json.Skip();
            }
        }

        while (json.Read())
        {
            // Throws at whatever follows.
        }

        var (time, nanoseconds) = ManifestTime.Read(modified ?? throw Missing("modified"));
        return Entry(new SourceEntry
        {
            Path = path ?? throw Missing("path"),
            Kind = kind,
            Length = length ?? (kind == EntryKind.File ? throw Missing("length") : 0),
            LastModified = time,
            Version = version,
            LinkTarget = link,
            Holes = holes ?? (IReadOnlyList<Hole>)[],
            Headers = headers,
            Metadata = metadata,
            Unix = mode is not { } rights ? null : new UnixAttributes
            {
                Mode = rights,
                UserId = uid,
                GroupId = gid,
                UserName = user,
                GroupName = group,
                Nanoseconds = nanoseconds,
                HardLink = hardLink,
                Device = device,
                ExtendedAttributes = attributes ?? (IReadOnlyList<AttributeValue>)[],
            },
        });
    }

    private static FormatException Missing(string name) => new($"'{name}' is missing");

    private readonly ManifestEntry Entry(SourceEntry source)
    {
        if (WhyNot(source) is { } reason)
        {
            throw new FormatException(reason);
        }

        if (skipped is not null)
        {
            return new ManifestEntry(source, [], skipped);
        }

        var content = Content(source.ContentLength);
        return content.All(static chunk => chunk.Length > 0) && content.Sum(static chunk => (long)chunk.Length) == source.ContentLength
            ? new ManifestEntry(source, content)
            : throw new FormatException($"its {content.Length} chunks are not its {source.ContentLength} bytes");
    }

    private static string? WhyNot(SourceEntry source) =>
        source.Length < 0 ? $"its length is {source.Length}"
        : source.Kind != EntryKind.File && source.Length > 0 ? "it is no file and has a length"
        : source.Kind == EntryKind.Folder && !source.Path.EndsWith('/') ? "it is a folder whose path does not end with '/'"
        : (source.Kind == EntryKind.SymbolicLink) != (source.LinkTarget is not null) ? "'link' is what a symbolic link has"
        : source.LinkTarget?.Contains('\0', StringComparison.Ordinal) == true ? "'link' has a NUL"
        : source.Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice && source.Unix?.Device is null ? "'device' is missing"
        : WhyNot(source.Holes, source.Length);

    private static string? WhyNot(IReadOnlyList<Hole> holes, long length)
    {
        var end = 0L;
        foreach (var hole in holes)
        {
            if (hole.Offset < end || hole.Length <= 0 || hole.Length > length - hole.Offset)
            {
                return $"its holes are not sorted, or not within its {length} bytes";
            }

            end = hole.End;
        }

        return null;
    }

    private readonly ManifestChunk[] Content(long contentLength)
    {
        if (chunks is null)
        {
            return [];
        }

        if (chunks.Count == 1)
        {
            return [new ManifestChunk(chunks[0], (int)Math.Min(contentLength, int.MaxValue))];
        }

        var all = lengths ?? throw Missing("lengths");
        return all.Count == chunks.Count
            ? [.. chunks.Zip(all, static (id, length) => new ManifestChunk(id, checked((int)length)))]
            : throw new FormatException($"it has {chunks.Count} chunks and {all.Count} lengths");
    }

    // One of a line's properties; false when it is none of ours.
    private bool ReadProperty()
    {
        if (json.ValueSpan.Length > LongestName)
        {
            return false;
        }

        Span<char> name = stackalloc char[LongestName];
        switch (name[..json.CopyString(name)])
        {
            case "path":
                path = Text("path");
                return true;
            case "kind":
                var word = Text("kind");
                kind = ManifestLine.KindOf(word) ?? throw new FormatException($"'kind' is '{word}'");
                return true;
            case "length":
                json.Read();
                length = json.GetInt64();
                return true;
            case "modified":
                json.Read();
                modified = json.GetDecimal();
                return true;
            case "version":
                version = Text("version");
                return true;
            case "link":
                link = Text("link");
                return true;
            case "mode":
                mode = Octal(Text("mode"));
                return true;
            case "uid":
                json.Read();
                uid = json.GetUInt32();
                return true;
            case "gid":
                json.Read();
                gid = json.GetUInt32();
                return true;
            case "user":
                user = Text("user");
                return true;
            case "group":
                group = Text("group");
                return true;
            case "hardlink":
                hardLink = Text("hardlink");
                return true;
            case "device":
                device = Numbers("device") is [>= 0 and <= uint.MaxValue, >= 0 and <= uint.MaxValue] numbers
                    ? new DeviceNumber((uint)numbers[0], (uint)numbers[1])
                    : throw new FormatException("'device' is no pair of numbers");
                return true;
            case "xattrs":
                attributes = Attributes();
                return true;
            case "holes":
                holes = Holes();
                return true;
            case "chunks":
                chunks = Chunks();
                return true;
            case "lengths":
                lengths = Numbers("lengths");
                return true;
            case "headers":
                headers = Map("headers");
                return true;
            case "metadata":
                metadata = Map("metadata");
                return true;
            case "skipped":
                skipped = Text("skipped");
                return true;
            default:
                return false;
        }
    }

    private static int Octal(string text)
    {
        var value = 0;
        foreach (var digit in text)
        {
            value = digit is >= '0' and <= '7' && value <= MostMode ? (value << 3) + (digit - '0') : int.MaxValue;
        }

        return text.Length > 0 && value <= MostMode ? value : throw new FormatException($"'mode' is '{text}'");
    }

    private void Expect(JsonTokenType type, string? name = null)
    {
        if (!json.Read() || json.TokenType != type)
        {
            throw new FormatException(name is null ? "it is no JSON object" : $"'{name}' is no {type}");
        }
    }

    // A text, or the bytes that stand in its place.
    private string Text(string name)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return json.GetString() ?? throw new FormatException($"'{name}' is null");
        }

        Expect(JsonTokenType.PropertyName, name);
        if (!json.ValueTextEquals(ManifestLine.Base64))
        {
            throw new FormatException($"'{name}' is no text");
        }

        json.Read();
        var bytes = json.GetBytesFromBase64();
        Expect(JsonTokenType.EndObject, name);
        return PathText.Of(bytes);
    }

    private List<long> Numbers(string name)
    {
        var numbers = new List<long>();
        Expect(JsonTokenType.StartArray, name);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(json.GetInt64());
        }

        return numbers;
    }

    private List<ChunkId> Chunks()
    {
        var ids = new List<ChunkId>(1);
        Expect(JsonTokenType.StartArray, "chunks");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            ids.Add(ChunkId.TryParse(json.GetString(), out var id) ? id : throw new FormatException("a chunk's name is not 64 hexadecimal digits"));
        }

        return ids;
    }

    private List<Hole> Holes()
    {
        var numbers = Numbers("holes");
        return numbers.Count % 2 == 0
            ? [.. numbers.Chunk(2).Select(static pair => new Hole(pair[0], pair[1]))]
            : throw new FormatException("'holes' has a hole without a length");
    }

    private List<AttributeValue> Attributes()
    {
        var found = new List<AttributeValue>();
        Expect(JsonTokenType.StartArray, "xattrs");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var name = json.TokenType == JsonTokenType.StartArray ? Text("xattrs") : throw new FormatException("'xattrs' has no pair of a name and a value");
            json.Read();
            found.Add(name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal)
                ? new AttributeValue(name, json.GetBytesFromBase64())
                : throw new FormatException("'xattrs' has a name that is none"));
            Expect(JsonTokenType.EndArray, "xattrs");
        }

        return found;
    }

    private Dictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, name);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            map[json.GetString() ?? ""] = Text(name);
        }

        return map;
    }
}
