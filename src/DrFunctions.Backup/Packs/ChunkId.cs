using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DrFunctions.Backup.Packs;

/// <summary>The name of a chunk: a keyed hash of its content (<see cref="Keys.RepositoryKeys.NameChunk"/>), ordered as its bytes are.</summary>
internal readonly record struct ChunkId(UInt128 High, UInt128 Low) : IComparable<ChunkId>
{
    /// <summary>Bytes.</summary>
    public const int Length = HMACSHA256.HashSizeInBytes;

    public static ChunkId From(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt128BigEndian(bytes),
        BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt128BigEndian(target, High);
        BinaryPrimitives.WriteUInt128BigEndian(target[16..], Low);
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out ChunkId id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var valid = text is { Length: 2 * Length }
            && !text.AsSpan().ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done;
        id = valid ? From(bytes) : default;
        return valid;
    }

    public int CompareTo(ChunkId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
