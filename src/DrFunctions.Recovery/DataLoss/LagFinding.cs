namespace DrFunctions.Recovery.DataLoss;

/// <summary>What a source found of a store.</summary>
public sealed record LagFinding
{
    private LagFinding(DateTimeOffset? safeUntil, string? trouble) => (SafeUntil, Trouble) = (safeUntil, trouble);

    /// <summary>Everything that the store held at this time is safe; null when that is not known.</summary>
    public DateTimeOffset? SafeUntil { get; }

    /// <summary>Why it is not known, in words; null otherwise.</summary>
    public string? Trouble { get; }

    /// <summary>It is safe until then.</summary>
    public static LagFinding Safe(DateTimeOffset until) => new(until, null);

    /// <summary>It is not known.</summary>
    /// <param name="why">Why, in words.</param>
    public static LagFinding Unknown(string why) => new(null, why);
}

/// <summary>What a source said of a store, as it is kept.</summary>
/// <param name="Store">The store.</param>
/// <param name="Source">The source's name.</param>
/// <param name="SafeUntil">Everything that the store held at this time is safe; null when that is not known.</param>
/// <param name="Trouble">Why it is not known; null otherwise.</param>
public sealed record LagReading(string Store, string Source, DateTimeOffset? SafeUntil, string? Trouble);
