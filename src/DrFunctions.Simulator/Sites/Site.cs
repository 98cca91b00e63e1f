using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Sites;

/// <summary>A web app as it is now.</summary>
internal sealed record Site
{
    public required string Name { get; init; }

    public required string ResourceGroup { get; init; }

    public required string Region { get; init; }

    public required SiteStatus Status { get; init; }

    /// <summary>Whether it is allowed to run at all; a start enables it.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where its content lies; carries a signature, so it is never shown.</summary>
    public Uri? Content { get; init; }

    public string HealthPath { get; init; } = "/health";

    public string Kind { get; init; } = "app";

    public JsonNode? Tags { get; init; }

    /// <summary>Id of the plan it runs on.</summary>
    public required string ServerFarmId { get; init; }

    public bool HttpsOnly { get; init; }

    public bool ClientAffinityEnabled { get; init; } = true;

    /// <summary>Its site configuration, without the application settings; never changed in place.</summary>
    public JsonObject Configuration { get; init; } = [];

    /// <summary>Its application settings, which may be secrets: shown only by their own list action.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required DateTimeOffset LastModified { get; init; }

    public string DefaultHostName => HostNameOf(Name);

    public static string HostNameOf(string name) => name.ToLowerInvariant() + "." + Zone;

    public const string Zone = "azurewebsites.net";
}
