using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace DrFunctions.Cloud.Probes.Dns;

/// <summary>A question for the IPv4 addresses of a name (RFC 1035, section 4).</summary>
/// <param name="Id">Unpredictable, so that nobody who does not see the question can answer it.</param>
/// <param name="Name">ASCII, without the trailing dot.</param>
internal sealed record DnsQuestion(ushort Id, string Name)
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;
    private const ushort RecursionDesired = 0x0100;

    /// <summary>The name as DNS writes it, without the trailing dot; null when DNS cannot hold it.</summary>
    public static string? Normalize(string host)
    {
        try
        {
            var name = new IdnMapping().GetAscii(host).TrimEnd('.');
            return name.Length is > 0 and <= LongestName && name.Split('.').All(label => label.Length is > 0 and <= LongestLabel) ? name : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The question as a message.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[12 + Name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Id);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 1);
        var at = 12;
        foreach (var label in Name.Split('.'))
        {
            bytes[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, bytes.AsSpan(at));
        }

        at++;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), DnsAnswer.TypeA);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 2), DnsAnswer.ClassInternet);
        return bytes;
    }
}
