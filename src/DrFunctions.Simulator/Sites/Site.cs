using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Sites;

/// <summary>A web app as it is now.</summary>
internal sealed record Site
{
    public required string Name { get; init; }

    public required string ResourceGroup { get; init; }

    public required string Region { get; init; }

    public required SiteStatus Status { get; init; }

    /// <summary>Where its content lies; carries a signature, so it is never shown.</summary>
    public Uri? Content { get; init; }

    public string HealthPath { get; init; } = "/health";

    public string Kind { get; init; } = "app";

    public JsonNode? Tags { get; init; }

    public string? ServerFarmId { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    public string DefaultHostName => HostNameOf(Name);

    public static string HostNameOf(string name) => name.ToLowerInvariant() + "." + Zone;

    public const string Zone = "azurewebsites.net";
}
