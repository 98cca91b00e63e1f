using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>Which alerts concern a workload, and what must hold before one starts a run.</summary>
public sealed record IncidentPolicy
{
    /// <summary>Resources whose alerts concern the workload; an alert on a resource below one of them counts too.</summary>
    public required IReadOnlyList<ResourceId> Resources { get; init; }

    /// <summary>The runbook that an incident starts.</summary>
    public required string Runbook { get; init; }

    /// <summary>How long the conditions must hold without a break before the run starts. Default 30 s.</summary>
    public TimeSpan Dwell { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a run's end no other run starts by itself. Default 30 min.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an incident waits for its conditions before it closes without a run. Default 15 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What a region must answer within to count as healthy. Default 5 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
