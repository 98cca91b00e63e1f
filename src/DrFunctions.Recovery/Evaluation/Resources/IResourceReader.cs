using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Evaluation.Resources;

/// <summary>Reads what web apps and their plans are.</summary>
public interface IResourceReader
{
    /// <summary>Reads a web app with the plan that it runs on; null when it does not exist.</summary>
    /// <exception cref="RecoveryException">Resource Manager refuses or does not answer.</exception>
    Task<WebAppFacts?> ReadWebAppAsync(ResourceId site, CancellationToken cancellationToken);
}

/// <summary>A web app as Resource Manager shows it. What it did not say is null, and unknown.</summary>
/// <param name="Location">The region, as it was written: <c>westeurope</c> or <c>West Europe</c>.</param>
/// <param name="Kind">Such as <c>app</c>, <c>app,linux</c>.</param>
/// <param name="State">Running or Stopped.</param>
/// <param name="Sku">The size of the plan, such as <c>P1v3</c>.</param>
/// <param name="Tier">The tier of the plan, such as <c>PremiumV3</c>.</param>
public sealed record WebAppFacts(string? Location, string? Kind, string? State, string? Sku, string? Tier)
{
    /// <summary>Nothing was said.</summary>
    public static IReadOnlyDictionary<string, string> NoSettings { get; } = new Dictionary<string, string>();

    /// <summary>Settings that change how the app runs or who can reach it, by name, such as <c>alwaysOn</c>; those that were not said are not there.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = NoSettings;
}
