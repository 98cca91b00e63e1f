namespace DrFunctions.Simulator.Faults;

/// <summary>A fault as it is now.</summary>
public sealed record FaultState
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it is active.</summary>
    public required FaultStatus Status { get; init; }

    /// <summary>When it becomes, or became, active; null while it waits for another fault.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When it ceases; null when it does not by itself, or waits.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many requests it met while active, those that it let pass among them.</summary>
    public required int Met { get; init; }

    /// <summary>How often it struck.</summary>
    public required int Hits { get; init; }

    /// <summary>The fault as it was given.</summary>
    public required Fault Fault { get; init; }
}

/// <summary>Where a fault is in its life.</summary>
public enum FaultStatus
{
    /// <summary>Its time has not come, or the fault it waits for has not struck.</summary>
    Pending,

    /// <summary>It strikes what it meets.</summary>
    Active,

    /// <summary>It has struck as often as it was to.</summary>
    UsedUp,

    /// <summary>Its time is over.</summary>
    Over,
}
