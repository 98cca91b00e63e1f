namespace DrFunctions.Simulator;

/// <summary>A web app of the scenario.</summary>
public sealed record ScenarioSite
{
    /// <summary>Its name; its host name is <c>{name}.azurewebsites.net</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group it lies in.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>The region it runs in.</summary>
    public required string Region { get; init; }

    /// <summary>The App Service plan it runs on, in its own resource group; absent, the plan <c>plan-{region}</c>, which exists then.</summary>
    public string? Plan { get; init; }

    /// <summary>Whether it runs; default <see cref="SiteStatus.Running"/>.</summary>
    public SiteStatus State { get; init; } = SiteStatus.Running;

    /// <summary>The blob container that it serves, with its shared access signature; absent, it serves no files and is always healthy.</summary>
    public string? ContentUrl { get; init; }

    /// <summary>Where it answers about its health; default <c>/health</c>.</summary>
    public string HealthPath { get; init; } = "/health";
}

/// <summary>Whether a web app runs.</summary>
public enum SiteStatus
{
    /// <summary>It answers requests.</summary>
    Running,

    /// <summary>It answers every request with 403.</summary>
    Stopped,
}
