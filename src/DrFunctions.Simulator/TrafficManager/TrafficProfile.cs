using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.TrafficManager.Routing;

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

    /// <summary>How many endpoints an answer by MultiValue shows at most; null when it was never said, which means 2.</summary>
    public int? MaxReturn { get; init; }

    /// <summary>What its endpoints' targets may be; null when it was never said, which means anything.</summary>
    public RecordTypes? AllowedRecordTypes { get; init; }

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

/// <summary>The kinds of targets by the records that lead to them.</summary>
internal enum RecordTypes
{
    DomainName,
    IPv4Address,
    IPv6Address,
    Any,
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
    Nested,
}

/// <summary>An endpoint of a profile.</summary>
internal sealed record TrafficEndpoint
{
    public required EndpointKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>The host name or address users are led to; of a nested endpoint the name of its child, which users never see.</summary>
    public required string Target { get; init; }

    /// <summary>The web app or the profile behind the endpoint, as it was written; null for an external one.</summary>
    public string? TargetResourceId { get; init; }

    /// <summary>The <see cref="TrafficProfile.Key"/> of a nested endpoint's child; null for the others.</summary>
    public string? ChildKey { get; init; }

    /// <summary>How many endpoints of the child must be online; 1 to 200. Null for endpoints that are not nested.</summary>
    public int? MinChildEndpoints { get; init; }

    /// <summary>How many of them with an IPv4 address; null when it was never said, which means none.</summary>
    public int? MinChildEndpointsIPv4 { get; init; }

    /// <summary>How many of them with an IPv6 address; null when it was never said, which means none.</summary>
    public int? MinChildEndpointsIPv6 { get; init; }

    public required bool Enabled { get; init; }

    public required int Weight { get; init; }

    public required int Priority { get; init; }

    public string? Location { get; init; }

    public ImmutableArray<string> GeoMapping { get; init; } = [];

    /// <summary>Whose clients are led here by Subnet; with none it is where the others are led.</summary>
    public ImmutableArray<AddressRange> Subnets { get; init; } = [];

    public ImmutableArray<CustomHeader> Headers { get; init; } = [];

    /// <summary>Whether it is served without being probed; null when it was never said.</summary>
    public bool? AlwaysServe { get; init; }

    /// <summary>The segment of its id and the last part of its type.</summary>
    public string TypeSegment => Kind switch
    {
        EndpointKind.Azure => "azureEndpoints",
        EndpointKind.External => "externalEndpoints",
        _ => "nestedEndpoints",
    };

    /// <summary>What leads to it in an answer.</summary>
    public RecordTypes RecordType => !IPAddress.TryParse(Target, out var address) ? RecordTypes.DomainName
        : address.AddressFamily == AddressFamily.InterNetwork ? RecordTypes.IPv4Address
        : RecordTypes.IPv6Address;
}
