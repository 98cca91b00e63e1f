using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>A logical server as it is now.</summary>
internal sealed record SqlServer
{
    public const string Type = "Microsoft.Sql/servers";

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ResourceGroup { get; init; }

    public required string Region { get; init; }

    public string? AdministratorLogin { get; init; }

    public JsonObject? Tags { get; init; }

    public string DatabaseId(string name) => Id + "/databases/" + name;
}

/// <summary>A database as it is now.</summary>
internal sealed record SqlDatabase
{
    public const string Type = SqlServer.Type + "/databases";

    public required string Name { get; init; }

    public required string ServerId { get; init; }

    public required string SkuName { get; init; }

    public required string SkuTier { get; init; }

    public required int SkuCapacity { get; init; }

    public string Collation { get; init; } = "SQL_Latin1_General_CP1_CI_AS";

    public long MaxSizeBytes { get; init; } = 268435456000;

    public required Guid DatabaseId { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Id of the database that it is a secondary of; null for none.</summary>
    public string? SourceId { get; init; }

    /// <summary>Geo or Standby; null for a database that never was a secondary.</summary>
    public string? SecondaryType { get; init; }

    public JsonObject? Tags { get; init; }

    public string Id => ServerId + "/databases/" + Name;
}
