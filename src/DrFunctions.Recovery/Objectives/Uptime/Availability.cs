using System.Globalization;

namespace DrFunctions.Recovery.Objectives.Uptime;

/// <summary>The share of time that something works. Decimal throughout: 99.99 % is 0.9999, and not nearly so.</summary>
public readonly record struct Availability : IComparable<Availability>
{
    /// <summary>From a share.</summary>
    /// <param name="share">0 to 1, both included.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public Availability(decimal share) => Share = Bounded.Between(share, 0m, 1m, nameof(share));

    /// <summary>0 to 1, both included.</summary>
    public decimal Share { get; }

    /// <summary>0 to 100, both included.</summary>
    public decimal Percent => Share * 100;

    /// <summary>Works always.</summary>
    public static Availability Always { get; } = new(1);

    /// <summary>From percent.</summary>
    /// <param name="percent">0 to 100, both included.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static Availability FromPercent(decimal percent) => new(Bounded.Between(percent, 0m, 100m, nameof(percent)) / 100);

    /// <inheritdoc/>
    public int CompareTo(Availability other) => Share.CompareTo(other.Share);

    /// <inheritdoc/>
    public override string ToString() => Percent.ToString("0.#########", CultureInfo.InvariantCulture) + " %";

    /// <summary>Less.</summary>
    public static bool operator <(Availability left, Availability right) => left.Share < right.Share;

    /// <summary>More.</summary>
    public static bool operator >(Availability left, Availability right) => left.Share > right.Share;

    /// <summary>Less or the same.</summary>
    public static bool operator <=(Availability left, Availability right) => left.Share <= right.Share;

    /// <summary>More or the same.</summary>
    public static bool operator >=(Availability left, Availability right) => left.Share >= right.Share;
}
