using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.SealedObjects;

/// <summary>Fills one sealed object after the other, in one buffer of a fixed size. Not thread-safe.</summary>
/// <param name="keys">The repository's keys.</param>
/// <param name="kind">What the objects hold.</param>
/// <param name="capacity">Bytes of the longest object.</param>
/// <param name="random">Fills a salt; default: the system's random numbers. A salt that comes twice gives two objects one key.</param>
internal sealed class SealedWriter(RepositoryKeys keys, SealedKind kind, int capacity, Action<Span<byte>>? random = null) : IDisposable
{
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private AesGcm? cipher;
    private int end = SealedFormat.HeaderLength;
    private int records;

    /// <summary>Bytes of the longest object.</summary>
    public int Capacity => buffer.Length;

    /// <summary>Bytes that the object would have if it were closed now.</summary>
    public long LengthWith(int directory) => end + directory + SealedFormat.TagLength + SealedFormat.FooterLength;

    /// <summary>Adds a record.</summary>
    /// <exception cref="InvalidOperationException">It does not fit.</exception>
    public void Append(ReadOnlySpan<byte> content)
    {
        if (end + (long)content.Length + SealedFormat.TagLength > buffer.Length)
        {
            throw new InvalidOperationException($"a record of {content.Length} bytes does not fit into an object of {buffer.Length} that has {end}");
        }

        cipher ??= Begin();
        Seal(cipher, (ulong)records, content);
        records++;
    }

    /// <summary>Closes the object and begins an empty one. What is returned is good until something is added.</summary>
    /// <exception cref="InvalidOperationException">The directory does not fit.</exception>
    public ReadOnlyMemory<byte> Close(ReadOnlySpan<byte> directory)
    {
        if (LengthWith(directory.Length) > buffer.Length)
        {
            throw new InvalidOperationException($"a directory of {directory.Length} bytes does not fit into an object of {buffer.Length} that has {end}");
        }

        Seal(cipher ??= Begin(), SealedFormat.DirectoryRecord, directory);
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(end), directory.Length + SealedFormat.TagLength);
        SealedFormat.EndMagic.CopyTo(buffer.AsSpan(end + 4));
        var closed = buffer.AsMemory(0, end + SealedFormat.FooterLength);
        cipher.Dispose();
        (cipher, end, records) = (null, SealedFormat.HeaderLength, 0);
        return closed;
    }

    /// <inheritdoc/>
    public void Dispose() => cipher?.Dispose();

    private AesGcm Begin()
    {
        Span<byte> salt = stackalloc byte[SealedFormat.SaltLength];
        (random ?? RandomNumberGenerator.Fill)(salt);
        SealedFormat.WriteHeader(buffer, kind, salt);
        return SealedFormat.CipherOf(keys, buffer.AsSpan(0, SealedFormat.HeaderLength));
    }

    private void Seal(AesGcm with, ulong record, ReadOnlySpan<byte> content)
    {
        var place = buffer.AsSpan(end, content.Length);
        content.CopyTo(place);
        SealedFormat.Seal(with, record, place, buffer.AsSpan(end + content.Length, SealedFormat.TagLength));
        end += content.Length + SealedFormat.TagLength;
    }
}
