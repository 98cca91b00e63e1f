using System.Collections.Immutable;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>A failover group as it is now; each of its servers shows it from its own side.</summary>
internal sealed record FailoverGroup
{
    public const string Type = SqlServer.Type + "/failoverGroups";

    public required string Name { get; init; }

    public required string PrimaryId { get; init; }

    public required string SecondaryId { get; init; }

    /// <summary>Whether the service fails over by itself, in theory: the simulator never does.</summary>
    public bool Automatic { get; init; }

    /// <summary>Grace minutes; null by the manual policy.</summary>
    public int? GraceMinutes { get; init; }

    public bool ReadOnlyFailsOver { get; init; }

    public ImmutableArray<string> Databases { get; init; } = [];

    public TimeSpan Lag { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Reseed { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When it was last failed over by force; null when it was not, or has been planned since.</summary>
    public DateTimeOffset? ForcedAt { get; init; }

    /// <summary>How much of what was confirmed the last failover has lost; null before the first.</summary>
    public TimeSpan? DataLoss { get; init; }

    public string PartnerOf(string serverId) => string.Equals(serverId, PrimaryId, StringComparison.OrdinalIgnoreCase) ? SecondaryId : PrimaryId;

    public bool IsOn(string serverId) =>
        string.Equals(serverId, PrimaryId, StringComparison.OrdinalIgnoreCase) || string.Equals(serverId, SecondaryId, StringComparison.OrdinalIgnoreCase);

    public string IdOn(string serverId) => serverId + "/failoverGroups/" + Name;
}
