using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DrFunctions.Backup.Sources;

namespace DrFunctions.App.RestoreTests;

/// <summary>
/// What a set of files is but for their content: the sum, lane by lane, of the SHA-256 of each file's path, length, headers and metadata.
/// The same in whatever order they are added, in 32 bytes. It tells mistakes apart, not forgeries.
/// </summary>
internal sealed class FileSetDigest
{
    private readonly ulong[] _lanes = new ulong[4];

    /// <summary>Files that were added.</summary>
    public long Files { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a file.</summary>
    public void Add(SourceEntry file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, file.Path);
        Append(hash, file.Length);
        foreach (var names in new[] { file.Headers, file.Metadata })
        {
            Append(hash, names.Count);
            foreach (var (name, value) in names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Append(hash, name);
                Append(hash, value);
            }
        }

        var digest = hash.GetHashAndReset();
        for (var lane = 0; lane < _lanes.Length; lane++)
        {
            _lanes[lane] += BinaryPrimitives.ReadUInt64BigEndian(digest.AsSpan(lane * sizeof(ulong)));
        }

        Files++;
        Bytes += file.Length;
    }

    /// <summary>Whether both have the same files.</summary>
    public bool Same(FileSetDigest other) =>
        (Files, Bytes) == (other.Files, other.Bytes) && _lanes.AsSpan().SequenceEqual(other._lanes);

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
