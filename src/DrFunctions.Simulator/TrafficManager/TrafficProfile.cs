using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>A profile as it was last written and found valid.</summary>
internal sealed record TrafficProfile
{
    public const string Zone = "trafficmanager.net";

    public required string ResourceGroup { get; init; }

    public required string Name { get; init; }

    public JsonNode? Tags { get; init; }

    public required bool Enabled { get; init; }

    public required RoutingMethod Routing { get; init; }

    public required string RelativeName { get; init; }

    public required int TtlInSeconds { get; init; }

    public required MonitorConfig Monitor { get; init; }

    public required ImmutableArray<TrafficEndpoint> Endpoints { get; init; }

    public bool TrafficView { get; init; }

    public string Fqdn => RelativeName + "." + Zone;

    public static string KeyOf(string resourceGroup, string name) => resourceGroup.ToUpperInvariant() + "/" + name.ToUpperInvariant();

    public string Key => KeyOf(ResourceGroup, Name);
}

internal enum RoutingMethod
{
    Performance,
    Priority,
    Weighted,
    Geographic,
    MultiValue,
    Subnet,
}

internal enum MonitorProtocol
{
    HTTP,
    HTTPS,
    TCP,
}

/// <summary>How the endpoints of a profile are probed.</summary>
internal sealed record MonitorConfig
{
    public required MonitorProtocol Protocol { get; init; }

    public required int Port { get; init; }

    public required string? Path { get; init; }

    public required TimeSpan Interval { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int ToleratedFailures { get; init; }

    public ImmutableArray<CustomHeader> Headers { get; init; } = [];

    public ImmutableArray<StatusRange> ExpectedStatus { get; init; } = [];
}

internal sealed record CustomHeader(string Name, string Value);

/// <summary>A range of HTTP status codes, both ends inclusive.</summary>
internal sealed record StatusRange(int Min, int Max);

internal enum EndpointKind
{
    Azure,
    External,
}

/// <summary>An endpoint of a profile.</summary>
internal sealed record TrafficEndpoint
{
    public required EndpointKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>The host name or address users are led to.</summary>
    public required string Target { get; init; }

    /// <summary>The web app behind an Azure endpoint, as it was written; null for an external one.</summary>
    public string? TargetResourceId { get; init; }

    public required bool Enabled { get; init; }

    public required int Weight { get; init; }

    public required int Priority { get; init; }

    public string? Location { get; init; }

    public ImmutableArray<string> GeoMapping { get; init; } = [];

    public ImmutableArray<CustomHeader> Headers { get; init; } = [];

    /// <summary>Whether it is served without being probed; null when it was never said.</summary>
    public bool? AlwaysServe { get; init; }

    /// <summary>The segment of its id and the last part of its type.</summary>
    public string TypeSegment => Kind == EndpointKind.Azure ? "azureEndpoints" : "externalEndpoints";
}
