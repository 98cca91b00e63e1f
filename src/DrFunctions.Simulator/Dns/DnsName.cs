using System.Text;

namespace DrFunctions.Simulator.Dns;

/// <summary>A domain name as its labels; compares ignoring the case of ASCII letters, as DNS does.</summary>
internal readonly struct DnsName : IEquatable<DnsName>
{
    /// <summary>The longest name on the wire, in octets with the length octets and the root (RFC 1035, 2.3.4); inclusive.</summary>
    public const int MaxOctets = 255;

    /// <summary>The longest label in octets; inclusive.</summary>
    public const int MaxLabel = 63;

    private readonly string[]? _labels;

    private DnsName(string[] labels) => _labels = labels;

    /// <summary>The labels, each character one octet.</summary>
    public IReadOnlyList<string> Labels => _labels ?? [];

    /// <summary>Takes labels as they are.</summary>
    /// <exception cref="ArgumentException">A label is empty or too long, or the name is.</exception>
    public static DnsName FromLabels(params IEnumerable<string> labels)
    {
        var all = labels.ToArray();
        if (all.Any(label => label.Length is 0 or > MaxLabel) || all.Sum(label => label.Length + 1) + 1 > MaxOctets)
        {
            throw new ArgumentException($"'{string.Join('.', all)}' is not a domain name.", nameof(labels));
        }

        return new DnsName(all);
    }

    /// <summary>Takes a name written with dots; a dot at the end is allowed. False when it is not a domain name of printable ASCII.</summary>
    public static bool TryParse(string text, out DnsName name)
    {
        var labels = (text.EndsWith('.') ? text[..^1] : text).Split('.');
        var valid = labels.All(label => label.Length is > 0 and <= MaxLabel && label.All(c => c is > ' ' and < (char)127))
            && labels.Sum(label => label.Length + 1) + 1 <= MaxOctets;
        name = valid ? new DnsName(labels) : default;
        return valid;
    }

    public bool Equals(DnsName other) => Labels.SequenceEqual(other.Labels, StringComparer.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is DnsName other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var label in Labels)
        {
            hash.Add(label, StringComparer.OrdinalIgnoreCase);
        }

        return hash.ToHashCode();
    }

    /// <summary>The name with dots and without one at the end; dots and unprintable octets inside a label are escaped.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var label in Labels)
        {
            if (text.Length > 0)
            {
                text.Append('.');
            }

            foreach (var c in label)
            {
                _ = c is '.' or '\\' ? text.Append('\\').Append(c)
                    : c is > ' ' and < (char)127 ? text.Append(c)
                    : text.Append('\\').Append(((int)c).ToString("D3", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}
