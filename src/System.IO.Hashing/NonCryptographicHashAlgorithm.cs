using System.ComponentModel;

namespace System.IO.Hashing;

/// <summary>A hash for error detection, never for security.</summary>
public abstract class NonCryptographicHashAlgorithm
{
    /// <summary>Sets the size of the hash.</summary>
    /// <param name="hashLengthInBytes">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="hashLengthInBytes"/> is less than 1.</exception>
    protected NonCryptographicHashAlgorithm(int hashLengthInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashLengthInBytes, 1);
        HashLengthInBytes = hashLengthInBytes;
    }

    /// <summary>The size of the hash in bytes.</summary>
    public int HashLengthInBytes { get; }

    /// <summary>Adds data.</summary>
    public abstract void Append(ReadOnlySpan<byte> source);

    /// <summary>Forgets all data.</summary>
    public abstract void Reset();

    /// <summary>Writes the hash of the data so far, without changing the state.</summary>
    /// <param name="destination">Exactly <see cref="HashLengthInBytes"/> long.</param>
    protected abstract void GetCurrentHashCore(Span<byte> destination);

    /// <summary>Writes the hash of the data so far and forgets the data.</summary>
    /// <param name="destination">Exactly <see cref="HashLengthInBytes"/> long.</param>
    protected virtual void GetHashAndResetCore(Span<byte> destination)
    {
        GetCurrentHashCore(destination);
        Reset();
    }

    /// <summary>Adds data.</summary>
    public void Append(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Append(new ReadOnlySpan<byte>(source));
    }

    /// <summary>Adds what is left of a stream.</summary>
    public void Append(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new byte[16 * 1024];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            Append(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Adds what is left of a stream.</summary>
    public Task AppendAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return AppendCoreAsync(stream, cancellationToken);
    }

    /// <summary>The hash of the data so far.</summary>
    public byte[] GetCurrentHash()
    {
        var hash = new byte[HashLengthInBytes];
        GetCurrentHashCore(hash);
        return hash;
    }

    /// <summary>Writes the hash of the data so far; false, and nothing written, when it does not fit.</summary>
    public bool TryGetCurrentHash(Span<byte> destination, out int bytesWritten)
    {
        if (destination.Length < HashLengthInBytes)
        {
            bytesWritten = 0;
            return false;
        }

        GetCurrentHashCore(destination[..HashLengthInBytes]);
        bytesWritten = HashLengthInBytes;
        return true;
    }

    /// <summary>Writes the hash of the data so far; returns its size.</summary>
    /// <exception cref="ArgumentException">The hash does not fit.</exception>
    public int GetCurrentHash(Span<byte> destination) =>
        TryGetCurrentHash(destination, out var written) ? written : throw TooShort(nameof(destination));

    /// <summary>The hash of the data so far, which is then forgotten.</summary>
    public byte[] GetHashAndReset()
    {
        var hash = new byte[HashLengthInBytes];
        GetHashAndResetCore(hash);
        return hash;
    }

    /// <summary>Writes the hash of the data so far and forgets the data; false, and nothing changed, when it does not fit.</summary>
    public bool TryGetHashAndReset(Span<byte> destination, out int bytesWritten)
    {
        if (destination.Length < HashLengthInBytes)
        {
            bytesWritten = 0;
            return false;
        }

        GetHashAndResetCore(destination[..HashLengthInBytes]);
        bytesWritten = HashLengthInBytes;
        return true;
    }

    /// <summary>Writes the hash of the data so far and forgets the data; returns the hash's size.</summary>
    /// <exception cref="ArgumentException">The hash does not fit.</exception>
    public int GetHashAndReset(Span<byte> destination) =>
        TryGetHashAndReset(destination, out var written) ? written : throw TooShort(nameof(destination));

    /// <summary>Not supported: a hash algorithm is no key.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Use GetCurrentHash() to retrieve the computed hash code.", true)]
#pragma warning disable CS0809 // The official type marks its override obsolete too: it is nearly always a mistake for GetCurrentHash.
    public override int GetHashCode() => throw new NotSupportedException("Use GetCurrentHash() to retrieve the computed hash code.");
#pragma warning restore CS0809

    internal static ArgumentException TooShort(string parameter) => new("The destination is too short for the hash.", parameter);

    private async Task AppendCoreAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            Append(buffer.AsSpan(0, read));
        }
    }
}
