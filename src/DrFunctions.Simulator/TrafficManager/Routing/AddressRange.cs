using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>A range of addresses of one family, both ends inclusive, as an endpoint's subnets are written.</summary>
internal sealed record AddressRange : IComparable<AddressRange>
{
    private readonly UInt128 _first;
    private readonly UInt128 _last;

    private AddressRange(IPAddress first, IPAddress last, int? scope) =>
        (First, Last, Scope, _first, _last) = (first, last, scope, NumberOf(first), NumberOf(last));

    public IPAddress First { get; }

    public IPAddress Last { get; }

    /// <summary>The prefix length it was written with; null when it was written with its last address, or as one address.</summary>
    public int? Scope { get; }

    /// <summary>Takes a first address with either a last one or a prefix length; neither is one address.</summary>
    /// <param name="first">The first address.</param>
    /// <param name="last">The last one; not below the first, of its family.</param>
    /// <param name="scope">The prefix length; no bit of the first address may be set behind it.</param>
    /// <param name="range">The range.</param>
    /// <param name="reason">Why it is none.</param>
    public static bool TryCreate(
        string first, string? last, int? scope, [NotNullWhen(true)] out AddressRange? range, [NotNullWhen(false)] out string? reason)
    {
        range = null;
        reason = null;
        if (!IPAddress.TryParse(first, out var from) || from.ToString() != first)
        {
            reason = $"'{first}' is no address";
            return false;
        }

        IPAddress? to = from;
        if (scope is { } prefix)
        {
            if (last is not null)
            {
                reason = "either last or scope, not both";
                return false;
            }

            if (prefix < 0 || prefix > BitsOf(from) || (NumberOf(from) & Behind(BitsOf(from) - prefix)) != 0)
            {
                reason = $"'{first}' is not where a network with a prefix of {prefix} bits starts";
                return false;
            }

            to = AddressOf(NumberOf(from) | Behind(BitsOf(from) - prefix), from);
        }
        else if (last is not null && (!IPAddress.TryParse(last, out to) || to.AddressFamily != from.AddressFamily || NumberOf(to) < NumberOf(from)))
        {
            reason = $"'{last}' is no address of the family of '{first}' that does not come before it";
            return false;
        }

        range = new AddressRange(from, to, scope);
        return true;
    }

    public bool Contains(IPAddress address) =>
        address.AddressFamily == First.AddressFamily && NumberOf(address) is var number && number >= _first && number <= _last;

    public bool Overlaps(AddressRange other) =>
        First.AddressFamily == other.First.AddressFamily && _first <= other._last && other._first <= _last;

    /// <summary>By family, then by where they start.</summary>
    public int CompareTo(AddressRange? other) =>
        other is null ? 1 : (First.AddressFamily, _first).CompareTo((other.First.AddressFamily, other._first));

    /// <summary>The networks that make up the range, as few as there can be.</summary>
    public IEnumerable<IPNetwork> Networks()
    {
        var bits = BitsOf(First);
        for (var at = _first; ;)
        {
            var free = at == 0 ? bits : Math.Min(bits, (int)UInt128.TrailingZeroCount(at));
            while (Behind(free) > _last - at)
            {
                free--;
            }

            yield return new IPNetwork(AddressOf(at, First), bits - free);
            var end = at + Behind(free);
            if (end >= _last)
            {
                yield break;
            }

            at = end + 1;
        }
    }

    public override string ToString() => Scope is { } scope ? $"{First}/{scope}" : Last.Equals(First) ? First.ToString() : $"{First}-{Last}";

    private static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>The bits behind a prefix, all set.</summary>
    private static UInt128 Behind(int bits) => bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1;

    private static UInt128 NumberOf(IPAddress address) =>
        address.GetAddressBytes().Aggregate(UInt128.Zero, (number, octet) => number << 8 | octet);

    private static IPAddress AddressOf(UInt128 number, IPAddress family)
    {
        var octets = new byte[BitsOf(family) / 8];
        for (var i = octets.Length - 1; i >= 0; i--, number >>= 8)
        {
            octets[i] = (byte)number;
        }

        return new IPAddress(octets);
    }
}
