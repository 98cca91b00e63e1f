using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.Repositories;

/// <summary>
/// What never changes in a repository, <c>config</c>: a line of JSON, and a line with its HMAC in hexadecimal digits. Its create-only write, the last one of
/// a new repository, makes it one.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Chunking">How files are cut.</param>
/// <param name="PackLength">Bytes of the longest pack.</param>
internal sealed record RepositoryConfig(RepositoryId Id, DateTimeOffset CreatedAt, ChunkingParameters Chunking, int PackLength)
{
    /// <summary>Its key.</summary>
    public const string Key = "config";

    /// <summary>16 MiB: few requests, and little is read for a chunk's sake when a pack is healed.</summary>
    public const int DefaultPackLength = 16 * 1024 * 1024;

    private const string Format = "drfunctions-repository";
    private const string Algorithm = "fastcdc-keyed";
    private const int Version = 2;

    /// <summary>
    /// How manifests are cut: finer than files, since a line is about 250 bytes and most changes are few. A sixty-fourth in a new repository; a sixteenth in one whose config does not
    /// say it.
    /// </summary>
    public ChunkingParameters ManifestChunking { get; private init; } = Chunking.DividedBy(64);

    /// <summary>The config's bytes.</summary>
    public byte[] Write(RepositoryKeys keys)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("id", Id.ToString());
            json.WriteString("createdAt", CreatedAt.ToUniversalTime());
            Write(json, "chunking", Chunking);
            Write(json, "manifests", ManifestChunking);
            json.WriteNumber("packLength", PackLength);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return [.. buffer.WrittenSpan, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(keys.SealConfig(buffer.WrittenSpan))), (byte)'\n'];
    }

    /// <summary>Reads a config; whether it is to be believed, <see cref="IsSealedBy"/> says.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="place">Where it is, for messages.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/> or <see cref="BackupErrors.FormatTooNew"/>.</exception>
    public static RepositoryConfig Read(ReadOnlyMemory<byte> content, string place)
    {
        try
        {
            var end = content.Span.IndexOf((byte)'\n');
            using var document = JsonDocument.Parse(end < 0 ? content : content[..end]);
            var json = document.RootElement;
            if (json.GetProperty("format").GetString() is var format && format != Format)
            {
                throw new FormatException($"its format is '{format}', not '{Format}'");
            }

            if (json.GetProperty("version").GetInt32() is var version && version != Version)
            {
                throw version < Version
                    ? new FormatException($"its version is {version}, not {Version}")
                    : new BackupException(
                        BackupErrors.FormatTooNew,
                        $"The repository in {place} has format version {version}; this program reads up to {Version}.",
                        isTransient: false,
                        "Use the version of the program that wrote it, or a newer one.");
            }

            var chunking = ReadChunking(json.GetProperty("chunking"));
            var config = new RepositoryConfig(
                RepositoryId.TryParse(json.GetProperty("id").GetString(), out var id) ? id : throw new FormatException("its id is none"),
                json.GetProperty("createdAt").GetDateTimeOffset(),
                chunking,
                json.GetProperty("packLength").GetInt32())
            {
                ManifestChunking = json.TryGetProperty("manifests", out var manifests) ? ReadChunking(manifests) : chunking.DividedBy(16),
            };
            return config.Mistake is { } mistake ? throw new FormatException(mistake) : config;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BackupException(
                BackupErrors.DataDamaged,
                $"The config of the repository in {place} is damaged: {error.Message}.",
                isTransient: false,
                "Copy the object 'config' from the other region's repository, if that is a copy of this one.",
                error);
        }
    }

    /// <summary>What is wrong with these numbers, in words; null when nothing is.</summary>
    public string? Mistake => Chunking.Mistake
        ?? ManifestChunking.Mistake
        ?? (ManifestChunking.Maximum > Chunking.Maximum ? $"the maximum of manifests is {ManifestChunking.Maximum}; expected up to that of files, {Chunking.Maximum}" : null)
        ?? (PackLength < Chunking.Maximum + 1024 || PackLength > RepositoryKey.MaximumObjectLength
            ? $"packLength is {PackLength}; expected {Chunking.Maximum + 1024} to {RepositoryKey.MaximumObjectLength}"
            : null);

    /// <summary>Whether the config is the one that was written with these keys.</summary>
    public static bool IsSealedBy(RepositoryKeys keys, ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n') + 1;
        var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(keys.SealConfig(content[..end])) + "\n");
        return CryptographicOperations.FixedTimeEquals(expected, content[end..]);
    }

    private static void Write(Utf8JsonWriter json, string name, ChunkingParameters chunking)
    {
        json.WriteStartObject(name);
        json.WriteString("algorithm", Algorithm);
        json.WriteNumber("minimum", chunking.Minimum);
        json.WriteNumber("average", chunking.Average);
        json.WriteNumber("maximum", chunking.Maximum);
        json.WriteEndObject();
    }

    private static ChunkingParameters ReadChunking(JsonElement json) => json.GetProperty("algorithm").GetString() is var algorithm && algorithm != Algorithm
        ? throw new FormatException($"it cuts by '{algorithm}', not '{Algorithm}'")
        : new ChunkingParameters(json.GetProperty("minimum").GetInt32(), json.GetProperty("average").GetInt32(), json.GetProperty("maximum").GetInt32());
}
