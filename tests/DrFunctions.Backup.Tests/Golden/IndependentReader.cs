using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DrFunctions.Backup.Tests.Golden;

/// <summary>
/// Reads a repository as docs/design.md 7 has it, without a line of the product: who has nothing but that document, a passphrase and the objects gets the files back. It looks for chunks in the packs
/// themselves, and holds the indexes against them.
/// </summary>
internal sealed class IndependentReader
{
    private const int HeaderLength = 40;
    private const int TagLength = 16;
    private const int IndexEntryLength = 53;

    private readonly string folder;
    private readonly byte[] chunkIds;
    private readonly byte[] objects;
    private readonly Dictionary<string, (string Pack, int Record, int Offset, byte Codec, int Stored, int Length)> chunks = new(StringComparer.Ordinal);

    private IndependentReader(string folder, byte[] chunkIds, byte[] objects)
    {
        (this.folder, this.chunkIds, this.objects) = (folder, chunkIds, objects);
        foreach (var pack in Directory.EnumerateFiles(Path.Combine(folder, "packs"), "*", SearchOption.AllDirectories))
        {
            ReadPack(pack);
        }
    }

    /// <summary>Opens the repository by a slot of that passphrase.</summary>
    /// <exception cref="CryptographicException">No slot opens, or the config is not sealed by the master key.</exception>
    public static IndependentReader Open(string folder, string passphrase)
    {
        var config = File.ReadAllBytes(Path.Combine(folder, "config"));
        var line = config.AsSpan().IndexOf((byte)'\n') + 1;
        using var json = JsonDocument.Parse(config.AsMemory(0, line));
        var id = json.RootElement.GetProperty("id").GetString() ?? "";
        var salt = Convert.FromHexString(id);
        var master = Directory.EnumerateFiles(Path.Combine(folder, "keys", id)).Select(file => Unwrap(file, id, passphrase)).OfType<byte[]>().FirstOrDefault()
            ?? throw new CryptographicException("no slot opens");
        var seal = HMACSHA256.HashData(Derive("drfunctions config"), config.AsSpan(0, line));
        return Encoding.ASCII.GetString(config.AsSpan(line)) == Convert.ToHexStringLower(seal) + "\n"
            ? new IndependentReader(folder, Derive("drfunctions chunk ids"), Derive("drfunctions objects"))
            : throw new CryptographicException("the config is another repository's");

        byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, salt, Encoding.UTF8.GetBytes(purpose));
    }

    /// <summary>The regular files of a snapshot, in order: the bytes of their paths, and their content without holes.</summary>
    public IReadOnlyList<(byte[] Path, byte[] Content)> Restore(string snapshot)
    {
        using var json = JsonDocument.Parse(ReadObject(Path.Combine(folder, "snapshots", snapshot), 'S').Directory);
        var files = new List<(byte[], byte[])>();
        foreach (var part in json.RootElement.GetProperty("manifest").EnumerateArray())
        {
            var references = part.GetProperty("lists").EnumerateArray().SelectMany(list => ReadChunk(list.GetProperty("chunk").GetString() ?? "")).ToArray();
            var lines = references.Chunk(36).SelectMany(reference => ReadChunk(Convert.ToHexStringLower(reference.AsSpan(0, 32)))).ToArray();
            foreach (var line in Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var entry = JsonDocument.Parse(line);
                if (!entry.RootElement.TryGetProperty("kind", out _))
                {
                    var content = entry.RootElement.TryGetProperty("chunks", out var names) ? names.EnumerateArray().SelectMany(name => ReadChunk(name.GetString() ?? "")).ToArray() : [];
                    files.Add((PathOf(entry.RootElement.GetProperty("path")), content));
                }
            }
        }

        return files;
    }

    /// <summary>Whether every chunk of every pack is where the indexes say, and passes their filters.</summary>
    public bool FindsAllChunksByIndexes()
    {
        var found = new Dictionary<string, (string, int, int, byte, int, int)>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "indexes")))
        {
            var (content, directory, cipher) = ReadObject(file, 'I');
            using (cipher)
            {
                var count = Number(directory, 0);
                var packs = Enumerable.Range(0, Number(directory, 4)).Select(number => Convert.ToHexStringLower(directory.AsSpan(8 + (number * 76), 32))).ToList();
                var at = HeaderLength;
                var names = new List<byte[]>();
                for (var page = 0; page * 256 < count; page++)
                {
                    var length = Math.Min(256, count - (page * 256)) * IndexEntryLength;
                    var entries = OpenRecord(cipher, (ulong)page, content.AsSpan(at, length + TagLength));
                    at += length + TagLength;
                    foreach (var entry in entries.Chunk(IndexEntryLength))
                    {
                        names.Add(entry[..32]);
                        found[Convert.ToHexStringLower(entry.AsSpan(0, 32))] = (packs[Number(entry, 32)], Number(entry, 36), Number(entry, 40), entry[44], Number(entry, 45), Number(entry, 49));
                    }
                }

                var filter = OpenRecord(cipher, (ulong)((count + 255) / 256), content.AsSpan(at, ((count * 10) + 7) / 8 + TagLength));
                if (!names.TrueForAll(name => Passes(filter, name)))
                {
                    return false;
                }
            }
        }

        return chunks.All(chunk => found.TryGetValue(chunk.Key, out var place) && place == (chunk.Value.Pack, chunk.Value.Record, chunk.Value.Offset, chunk.Value.Codec, chunk.Value.Stored, chunk.Value.Length));
    }

    /// <summary>The JSON objects of sealed objects below a folder.</summary>
    public IReadOnlyList<JsonDocument> ObjectsBelow(string prefix) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, prefix), "*", SearchOption.AllDirectories)
            .Select(file => JsonDocument.Parse(ReadObject(file, prefix switch { "checkpoints" => 'C', "holds" => 'H', _ => 'M' }).Directory))];

    private static byte[]? Unwrap(string file, string repository, string passphrase)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = json.RootElement;
        if (root.GetProperty("kind").GetString() != "passphrase")
        {
            return null;
        }

        var parameters = root.GetProperty("parameters").EnumerateObject().OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"{one.Name}={one.Value.GetString()}");
        var created = root.GetProperty("createdAt").GetDateTime().ToUniversalTime();
        var bound = string.Join(
            '\n', ["drfunctions key slot", repository, Path.GetFileName(file), "passphrase", $"{created:yyyy-MM-ddTHH:mm:ss.fffffff}+00:00", .. parameters]);
        var settings = root.GetProperty("parameters");
        var key = Rfc2898DeriveBytes.Pbkdf2(
            passphrase,
            Convert.FromBase64String(settings.GetProperty("salt").GetString() ?? ""),
            int.Parse(settings.GetProperty("iterations").GetString() ?? "", System.Globalization.CultureInfo.InvariantCulture),
            HashAlgorithmName.SHA256,
            32);
        var wrapped = root.GetProperty("wrapped").GetBytesFromBase64();
        var master = new byte[32];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Decrypt(root.GetProperty("nonce").GetBytesFromBase64(), wrapped.AsSpan(0, 32), wrapped.AsSpan(32), master, Encoding.UTF8.GetBytes(bound));
        return master;
    }

    private void ReadPack(string file)
    {
        var (content, directory, cipher) = ReadObject(file, 'P');
        cipher.Dispose();
        var name = Path.GetFileName(file);
        Assert.Equal(name, Convert.ToHexStringLower(SHA256.HashData(content)));
        var offset = HeaderLength;
        for (var record = 0; record < Number(directory, 0); record++)
        {
            var entry = directory.AsSpan(4 + (record * 41), 41).ToArray();
            chunks[Convert.ToHexStringLower(entry.AsSpan(0, 32))] = (name, record, offset, entry[32], Number(entry, 33), Number(entry, 37));
            offset += Number(entry, 33) + TagLength;
        }
    }

    private byte[] ReadChunk(string id)
    {
        var place = chunks[id];
        var (content, _, cipher) = ReadObject(Path.Combine(folder, "packs", place.Pack[..2], place.Pack), 'P');
        using (cipher)
        {
            var stored = OpenRecord(cipher, (ulong)place.Record, content.AsSpan(place.Offset, place.Stored + TagLength));
            var plain = place.Codec switch { 0 => stored, 1 => Zstd(stored, place.Length), 2 => Brotli(stored, place.Length), _ => throw new InvalidDataException($"codec {place.Codec}") };
            Assert.Equal(id, Convert.ToHexStringLower(HMACSHA256.HashData(chunkIds, plain)));
            return plain;
        }
    }

    private (byte[] Content, byte[] Directory, AesGcm Cipher) ReadObject(string file, char kind)
    {
        var content = File.ReadAllBytes(file);
        Assert.Equal($"DRFB{kind}\u0002\0\0", Encoding.ASCII.GetString(content.AsSpan(0, 8)));
        Assert.Equal("BFRD", Encoding.ASCII.GetString(content.AsSpan(content.Length - 4)));
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, objects, 32, content[8..40], content[..8]);
        var cipher = new AesGcm(key, TagLength);
        var length = Number(content, content.Length - 8);
        return (content, OpenRecord(cipher, ulong.MaxValue, content.AsSpan(content.Length - 8 - length, length)), cipher);
    }

    private static byte[] OpenRecord(AesGcm cipher, ulong record, ReadOnlySpan<byte> stored)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), record);
        var plain = new byte[stored.Length - TagLength];
        cipher.Decrypt(nonce, stored[..^TagLength], stored[^TagLength..], plain);
        return plain;
    }

    private static bool Passes(byte[] filter, byte[] name)
    {
        var first = BinaryPrimitives.ReadUInt64BigEndian(name.AsSpan(24));
        var step = BinaryPrimitives.ReadUInt64BigEndian(name.AsSpan(16)) | 1;
        return Enumerable.Range(0, 7).All(probe => unchecked(first + ((ulong)probe * step)) % ((ulong)filter.Length * 8) is var bit && (filter[bit / 8] & (1 << (int)(bit % 8))) != 0);
    }

    private static byte[] PathOf(JsonElement path) =>
        path.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(path.GetString() ?? "") : path.GetProperty("base64").GetBytesFromBase64();

    private static int Number(byte[] content, int at) => BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(at));

    private static byte[] Brotli(byte[] stored, int length)
    {
        var plain = new byte[length];
        Assert.True(BrotliDecoder.TryDecompress(stored, plain, out var written) && written == length);
        return plain;
    }

    private static byte[] Zstd(byte[] stored, int length)
    {
        var plain = new byte[length];
        Assert.Equal((nuint)length, Decompress(ref plain[0], (nuint)length, in stored[0], (nuint)stored.Length));
        return plain;
    }

    [DllImport("libzstd.so.1", EntryPoint = "ZSTD_decompress")]
    private static extern nuint Decompress(ref byte target, nuint capacity, ref readonly byte source, nuint length);
}
