using System.Net;

namespace DrFunctions.Cloud.Probes.Dns;

/// <summary>What a resolver answered to a <see cref="DnsQuestion"/>.</summary>
/// <param name="Code">The response code; 0 for success, 3 for a name that does not exist.</param>
/// <param name="IsTruncated">True when the answer did not fit and must be asked for over TCP.</param>
/// <param name="Names">The chain of names that the answer holds for the question, from the name asked for to the canonical one.</param>
/// <param name="Addresses">The addresses of that name, in the answer's order; empty when the chain ends without one.</param>
internal sealed record DnsAnswer(int Code, bool IsTruncated, IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>The last name of the chain.</summary>
    public string CanonicalName => Names[^1];

    public const ushort TypeA = 1;
    public const ushort ClassInternet = 1;
    public const int NameError = 3;

    /// <summary>The longest chain of aliases that is followed.</summary>
    public const int LongestChain = 16;

    private const ushort TypeAlias = 5;
    private const ushort ResponseBit = 0x8000;
    private const ushort OperationBits = 0x7800;
    private const ushort TruncatedBit = 0x0200;
    private const ushort CodeBits = 0x000F;

    /// <summary>Reads an answer. Records that do not belong to the question's chain are passed over.</summary>
    /// <exception cref="DnsFormatException">It is malformed, answers another question, or its aliases form a circle.</exception>
    public static DnsAnswer Parse(ReadOnlySpan<byte> message, DnsQuestion question)
    {
        var reader = new DnsReader(message);
        var id = reader.ReadUInt16();
        var flags = reader.ReadUInt16();
        var questions = reader.ReadUInt16();
        var answers = reader.ReadUInt16();
        reader.Skip(4);
        if (id != question.Id || (flags & ResponseBit) == 0 || (flags & OperationBits) != 0)
        {
            throw new DnsFormatException("it is not the answer to this question");
        }

        if (questions != 1
            || !Same(reader.ReadName(), question.Name)
            || reader.ReadUInt16() != TypeA
            || reader.ReadUInt16() != ClassInternet)
        {
            throw new DnsFormatException("it repeats another question");
        }

        var truncated = (flags & TruncatedBit) != 0;
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var addresses = new List<(string Name, IPAddress Address)>();
        for (var i = 0; i < answers && !truncated; i++)
        {
            ReadRecord(ref reader, aliases, addresses);
        }

        var names = Follow(question.Name, aliases);
        return new DnsAnswer(
            flags & CodeBits, truncated, names, [.. addresses.Where(one => Same(one.Name, names[^1])).Select(one => one.Address)]);
    }

    private static void ReadRecord(ref DnsReader reader, Dictionary<string, string> aliases, List<(string, IPAddress)> addresses)
    {
        var owner = reader.ReadName();
        var type = reader.ReadUInt16();
        var family = reader.ReadUInt16();
        reader.Skip(4);
        int length = reader.ReadUInt16();
        var end = reader.Position + length;
        if (family == ClassInternet && type == TypeA)
        {
            addresses.Add((owner, length == 4 ? new IPAddress(reader.ReadBytes(4)) : throw new DnsFormatException("an address has not four bytes")));
        }
        else if (family == ClassInternet && type == TypeAlias)
        {
            var target = reader.ReadName();
            if (!aliases.TryAdd(owner, target) && !Same(aliases[owner], target))
            {
                throw new DnsFormatException($"'{owner}' has two aliases");
            }
        }
        else
        {
            reader.Skip(length);
        }

        if (reader.Position != end)
        {
            throw new DnsFormatException("a record's length is wrong");
        }
    }

    private static List<string> Follow(string name, Dictionary<string, string> aliases)
    {
        List<string> names = [name];
        while (names.Count <= LongestChain + 1)
        {
            if (!aliases.TryGetValue(names[^1], out var target))
            {
                return names;
            }

            names.Add(target);
        }

        throw new DnsFormatException($"its aliases form a circle or a chain longer than {LongestChain}");
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
