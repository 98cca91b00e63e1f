using System.Buffers.Binary;
using System.Text;

namespace DrFunctions.App.Telemetry;

/// <summary>Just enough of the protobuf wire format to read what a collector is sent.</summary>
internal readonly record struct Wire(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);

    public IEnumerable<Wire> this[int field] => Read(Bytes).Where(part => part.Field == field);

    /// <summary>The fields of a message, in their order.</summary>
    public static IEnumerable<Wire> Read(ReadOnlyMemory<byte> message)
    {
        while (message.Length > 0)
        {
            var key = Varint(ref message);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new Wire(field, default, Varint(ref message));
                    break;
                case 1:
                    yield return new Wire(field, default, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8).Span));
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    yield return new Wire(field, Take(ref message, length), 0);
                    break;
                case 5:
                    yield return new Wire(field, default, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4).Span));
                    break;
                default:
                    throw new FormatException($"Wire type {key & 7} of field {field} is not read here.");
            }
        }
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, int length)
    {
        var taken = message[..length];
        message = message[length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(ref message, 1).Span[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
