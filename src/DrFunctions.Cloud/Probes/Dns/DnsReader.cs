using System.Buffers.Binary;
using System.Text;

namespace DrFunctions.Cloud.Probes.Dns;

/// <summary>Reads a DNS message of unknown origin: never past its end, and never for longer than its length allows.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int LongestName = 255;

    /// <summary>More than any sane writer needs; a message full of chains of pointers would take long to read.</summary>
    private const int MostPointers = 32;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; }

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(ReadBytes(2));

    public void Skip(int count) => ReadBytes(count);

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _message.Length - Position)
        {
            throw new DnsFormatException("it ends too early");
        }

        var bytes = _message.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>
    /// Reads a name, without the trailing dot. A pointer may only lead backwards from where it stands, so that a chain of them
    /// always ends. Labels may hold letters, digits, '-' and '_' only: the name ends up in reports.
    /// </summary>
    public string ReadName()
    {
        var name = new StringBuilder();
        var after = -1;
        var pointers = 0;
        for (var lowest = Position; ;)
        {
            int length = ReadBytes(1)[0];
            if (length == 0)
            {
                break;
            }

            if (length < 64)
            {
                Append(name, ReadBytes(length));
                continue;
            }

            if (length < 192)
            {
                throw new DnsFormatException("a label has an unknown kind");
            }

            var target = ((length & 0x3F) << 8) | ReadBytes(1)[0];
            if (++pointers > MostPointers)
            {
                throw new DnsFormatException($"a name has more than {MostPointers} pointers");
            }

            if (target >= lowest)
            {
                throw new DnsFormatException("a pointer does not lead backwards");
            }

            after = after < 0 ? Position : after;
            Position = lowest = target;
        }

        Position = after < 0 ? Position : after;
        return name.ToString();
    }

    private static void Append(StringBuilder name, ReadOnlySpan<byte> label)
    {
        if (name.Length + label.Length + 2 > LongestName)
        {
            throw new DnsFormatException($"a name is longer than {LongestName} bytes");
        }

        if (name.Length > 0)
        {
            name.Append('.');
        }

        foreach (var value in label)
        {
            var character = (char)value;
            name.Append(char.IsAsciiLetterOrDigit(character) || character is '-' or '_'
                ? character
                : throw new DnsFormatException("a name has a character that host names do not have"));
        }
    }
}
