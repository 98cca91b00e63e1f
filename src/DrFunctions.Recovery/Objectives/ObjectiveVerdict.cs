namespace DrFunctions.Recovery.Objectives;

/// <summary>A measurement against its objective.</summary>
public enum ObjectiveVerdict
{
    /// <summary>Not measured. Never reported as good.</summary>
    Unknown,

    /// <summary>At or under three quarters of the objective.</summary>
    Met,

    /// <summary>Within the objective, with less than a quarter of it left.</summary>
    AtRisk,

    /// <summary>Over the objective.</summary>
    Breached,
}

/// <summary>Judges measurements.</summary>
public static class ObjectiveVerdicts
{
    /// <summary>
    /// Judges a value that still grows, such as the lag of the newest backup. A negative one is unknown: two clocks disagree.
    /// </summary>
    public static ObjectiveVerdict OfLag(TimeSpan? measured, TimeSpan objective) => measured switch
    {
        null => ObjectiveVerdict.Unknown,
        { } value when value < TimeSpan.Zero => ObjectiveVerdict.Unknown,
        { } value when value > objective => ObjectiveVerdict.Breached,
        { } value when value > objective * 0.75 => ObjectiveVerdict.AtRisk,
        _ => ObjectiveVerdict.Met,
    };

    /// <summary>Judges a value that is final, such as the recovery time of a finished run: met or breached, never at risk.</summary>
    public static ObjectiveVerdict OfAttained(TimeSpan? measured, TimeSpan objective) => measured switch
    {
        null => ObjectiveVerdict.Unknown,
        { } value when value > objective => ObjectiveVerdict.Breached,
        _ => ObjectiveVerdict.Met,
    };
}
