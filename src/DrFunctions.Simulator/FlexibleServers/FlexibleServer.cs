using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>States of a server, as the service names them.</summary>
internal enum ServerState
{
    Ready,
    Dropping,
    Disabled,
    Starting,
    Stopping,
    Stopped,
    Updating,
    Restarting,
    Inaccessible,
    Provisioning,
}

/// <summary>A flexible server as it is now.</summary>
internal sealed record FlexibleServer
{
    public const string Type = "Microsoft.DBforPostgreSQL/flexibleServers";

    public const string Zone = "postgres.database.azure.com";

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ResourceGroup { get; init; }

    public required string Location { get; init; }

    public ServerState State { get; init; } = ServerState.Ready;

    public JsonObject? Tags { get; init; }

    public JsonObject? Identity { get; init; }

    public string SkuName { get; init; } = "Standard_D4ds_v5";

    public string Tier { get; init; } = "GeneralPurpose";

    public int Version { get; init; } = 17;

    public string? AdministratorLogin { get; init; }

    public string AvailabilityZone { get; init; } = "1";

    public int StorageSizeGB { get; init; } = 128;

    public string StorageTier { get; init; } = ServerSizes.TierOf(128);

    public string AutoGrow { get; init; } = "Disabled";

    public string StorageType { get; init; } = "";

    public JsonObject Network { get; init; } = new() { ["publicNetworkAccess"] = "Enabled" };

    public JsonObject DataEncryption { get; init; } = new() { ["type"] = "SystemManaged" };

    public JsonObject AuthConfig { get; init; } = new() { ["activeDirectoryAuth"] = "Disabled", ["passwordAuth"] = "Enabled" };

    public JsonObject MaintenanceWindow { get; init; } = new() { ["customWindow"] = "Disabled", ["dayOfWeek"] = 0, ["startHour"] = 0, ["startMinute"] = 0 };

    public int BackupRetentionDays { get; init; } = 7;

    public bool GeoRedundantBackup { get; init; }

    public string HighAvailability { get; init; } = "Disabled";

    /// <summary>Id of the primary that it follows; null when it is no replica.</summary>
    public string? SourceId { get; init; }

    /// <summary>How far it is behind its primary while both regions are up.</summary>
    public TimeSpan Lag { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether it was promoted out of its replication and has had no replica since.</summary>
    public bool Standalone { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Since when it has been the replica of somebody; null when it is none.</summary>
    public DateTimeOffset? ReplicaSince { get; init; }

    /// <summary>Times to which it cannot be restored: it was a replica or just being promoted.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> NotRestorable { get; init; } = [];

    /// <summary>How much of its primary's time was lost at its last promotion; null when it was never promoted.</summary>
    public TimeSpan? DataLoss { get; init; }

    public IReadOnlyList<ServerBackup> Backups { get; init; } = [];

    public bool IsReplica => SourceId is not null;

    public string HostName => Name.ToLowerInvariant() + "." + Zone;
}

/// <summary>A backup that a customer has asked for.</summary>
internal sealed record ServerBackup(string Name, DateTimeOffset Completed);

/// <summary>The writer and reader names over a primary and its replicas; always at the primary.</summary>
/// <param name="Name">Their base name.</param>
/// <param name="ServerId">The primary that the writer leads to.</param>
/// <param name="ReaderId">The server that the reader leads to.</param>
internal sealed record VirtualEndpoint(string Name, string ServerId, string ReaderId)
{
    public const string Type = FlexibleServer.Type + "/virtualEndpoints";

    public string Writer => $"{Name}.writer.{FlexibleServer.Zone}";

    public string Reader => $"{Name}.reader.{FlexibleServer.Zone}";
}
