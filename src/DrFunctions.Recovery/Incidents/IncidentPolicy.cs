using DrFunctions.Recovery.Incidents.Policies;
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

    /// <summary>How long after a run's end no other run starts by itself, unless a person acknowledged it. Default 30 min.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an incident waits for its conditions before it closes without a run. Default 15 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What a region must answer within to count as healthy. Default 5 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Vantages each of which must be red. Default: Azure's alert and the control region's probe.</summary>
    public IReadOnlyList<Vantage> Red { get; init; } = [Vantage.AzureMonitor, Vantage.ControlProbe];

    /// <summary>So many of these must be red besides; null for no such rule.</summary>
    public VantageQuorum? Quorum { get; init; }

    /// <summary>What must be green. Default: the standby's app exists and every store can be restored.</summary>
    public IReadOnlyList<GreenCondition> Green { get; init; } = [GreenCondition.StandbyApp, GreenCondition.RestorePoint];

    /// <summary>Where the standby's region says how it sees the primary; null when it is not asked.</summary>
    public Uri? StandbyProbe { get; init; }

    /// <summary>Where the primary accepts TCP connections, <c>tcp://host:port</c>; null when it is not asked.</summary>
    public Uri? TcpProbe { get; init; }

    /// <summary>Times in which no run starts by itself.</summary>
    public IReadOnlyList<FreezeWindow> Freezes { get; init; } = [];

    /// <summary>The estimated loss above which a person must approve; null for the plan's RPO.</summary>
    public TimeSpan? MaxLoss { get; init; }

    /// <summary>
    /// How old the newest good sample may be that an estimate is made from when a store's lag cannot be read; null when a person must
    /// approve then.
    /// </summary>
    public TimeSpan? OldestSample { get; init; }

    /// <summary>Who must approve, and when besides.</summary>
    public ApprovalPolicy Approval { get; init; } = new();

    /// <summary>Whether its red rules can pass only with an alert of Azure's.</summary>
    public bool NeedsAlert => Red.Contains(Vantage.AzureMonitor)
        || (Quorum is { } quorum && quorum.AtLeast > quorum.Of.Count(vantage => vantage != Vantage.AzureMonitor));

    /// <summary>Every vantage that a rule asks.</summary>
    public IEnumerable<Vantage> Asked => Red.Concat(Quorum?.Of ?? []).Distinct();
}
