using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>A storage account as it is now.</summary>
internal sealed record StorageAccount
{
    public const string Type = "Microsoft.Storage/storageAccounts";

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ResourceGroup { get; init; }

    /// <summary>Where it was created and is managed from, whatever failovers it has seen.</summary>
    public required string Location { get; init; }

    /// <summary>Where its data is written.</summary>
    public required string PrimaryLocation { get; init; }

    /// <summary>Where the copy is; null when there is none.</summary>
    public string? SecondaryLocation { get; init; }

    /// <summary>The region whose zones hold the data, though it may be the secondary now; null when none does.</summary>
    public string? ZonalLocation { get; init; }

    public required string Sku { get; init; }

    public string Kind { get; init; } = "StorageV2";

    public JsonObject? Tags { get; init; }

    public JsonObject? Identity { get; init; }

    public JsonObject? ExtendedLocation { get; init; }

    /// <summary>The settings that clients may write, as they wrote them.</summary>
    public JsonObject Settings { get; init; } = [];

    public required DateTimeOffset Created { get; init; }

    public required IReadOnlyList<StorageKey> Keys { get; init; }

    /// <summary>How far the secondary is behind while both regions are up.</summary>
    public TimeSpan Lag { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When the first copy to the secondary region is complete.</summary>
    public DateTimeOffset SeededAt { get; init; }

    public bool FailoverInProgress { get; init; }

    public DateTimeOffset? LastFailover { get; init; }

    /// <summary>How much of the old primary's time the last failover lost; null when there was none.</summary>
    public TimeSpan? DataLoss { get; init; }

    public bool IsGeoRedundant => SecondaryLocation is not null;
}

/// <summary>An access key.</summary>
internal sealed record StorageKey(string Name, string Value, DateTimeOffset Created);
