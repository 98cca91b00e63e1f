using System.Buffers.Binary;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Indexes;

/// <summary>A chunk in an index: its name, 32 bytes, and its place, 21.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Place">Where it is.</param>
internal readonly record struct IndexEntry(ChunkId Id, ChunkPlace Place)
{
    /// <summary>Bytes.</summary>
    public const int Length = ChunkId.Length + 21;

    public static IndexEntry Read(ReadOnlySpan<byte> source) => new(
        ChunkId.From(source),
        new ChunkPlace(
            BinaryPrimitives.ReadInt32BigEndian(source[32..]),
            BinaryPrimitives.ReadInt32BigEndian(source[36..]),
            BinaryPrimitives.ReadInt32BigEndian(source[40..]),
            (Codec)source[44],
            BinaryPrimitives.ReadInt32BigEndian(source[45..]),
            BinaryPrimitives.ReadInt32BigEndian(source[49..])));

    public void Write(Span<byte> target)
    {
        Id.Write(target);
        BinaryPrimitives.WriteInt32BigEndian(target[32..], Place.Pack);
        BinaryPrimitives.WriteInt32BigEndian(target[36..], Place.Record);
        BinaryPrimitives.WriteInt32BigEndian(target[40..], Place.Offset);
        target[44] = (byte)Place.Codec;
        BinaryPrimitives.WriteInt32BigEndian(target[45..], Place.StoredLength);
        BinaryPrimitives.WriteInt32BigEndian(target[49..], Place.Length);
    }
}
