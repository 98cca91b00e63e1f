using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.Simulator.Determinism;

/// <summary>
/// Everything in the simulator that looks random. A number depends on the seed, on the name of its stream and on how many were
/// drawn from that stream before, and on nothing else: streams that are drawn from at the same time do not disturb each other.
/// Thread safe.
/// </summary>
/// <param name="seed">Any number.</param>
/// <remarks>Predictable on purpose; never a source of secrets.</remarks>
internal sealed class SeededSource(long seed)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _drawn = new(StringComparer.Ordinal);

    /// <summary>The next number of a stream, any of the 64 bit ones.</summary>
    /// <param name="stream">What draws, such as <c>dns/shop</c>: one stream for each thing whose order of draws is its own.</param>
    public ulong Next(string stream) => BinaryPrimitives.ReadUInt64LittleEndian(Draw(stream));

    /// <summary>The next number of a stream, from 0 inclusive to <paramref name="limit"/> exclusive.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not positive.</exception>
    public int Next(string stream, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)(Next(stream) % (ulong)limit);
    }

    /// <summary>The next id of a stream, in the form of a random one (RFC 9562, version 4).</summary>
    public Guid NextId(string stream)
    {
        var octets = Draw(stream).AsSpan(0, 16);
        octets[6] = (byte)(octets[6] & 0x0F | 0x40);
        octets[8] = (byte)(octets[8] & 0x3F | 0x80);
        return new Guid(octets, bigEndian: true);
    }

    /// <summary>Begins every stream anew.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _drawn.Clear();
        }
    }

    private byte[] Draw(string stream)
    {
        long number;
        lock (_gate)
        {
            number = ++CollectionsMarshal.GetValueRefOrAddDefault(_drawn, stream, out _);
        }

        var input = new byte[16 + Encoding.UTF8.GetByteCount(stream)];
        BinaryPrimitives.WriteInt64LittleEndian(input, seed);
        BinaryPrimitives.WriteInt64LittleEndian(input.AsSpan(8), number);
        Encoding.UTF8.GetBytes(stream, input.AsSpan(16));
        return SHA256.HashData(input);
    }
}
