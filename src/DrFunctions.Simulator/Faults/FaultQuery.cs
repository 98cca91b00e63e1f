namespace DrFunctions.Simulator.Faults;

/// <summary>What a fault may meet.</summary>
/// <param name="On">Where.</param>
internal sealed record FaultQuery(FaultTarget On)
{
    /// <summary>The region, web app, DNS name or <c>{profile}/{endpoint}</c>.</summary>
    public string? Name { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    public string? ResourceType { get; init; }

    public FaultPhase Phase { get; init; }

    /// <summary>Whether darkness is asked for, or else every other kind.</summary>
    public bool Dark { get; init; }
}

/// <summary>A fault that strikes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Fault">What it does.</param>
/// <param name="Over">Cancelled when the fault's time is over or it is removed; not when it is used up.</param>
internal sealed record FaultHit(string Id, Fault Fault, CancellationToken Over);
