using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>What a step that writes the profile needs.</summary>
internal static class ProfilePermissions
{
    private const string Profiles = "Microsoft.Network/trafficManagerProfiles";

    // A profile is written with all its endpoints, and the writer must be allowed to read what they point to.
    private static readonly string[] s_actions =
    [
        "read", "write", "azureEndpoints/read", "azureEndpoints/write", "externalEndpoints/read", "externalEndpoints/write",
        "nestedEndpoints/read", "nestedEndpoints/write",
    ];

    /// <param name="plan">The plan.</param>
    /// <param name="nested">The nested profile that is written; null for the plan's own.</param>
    public static IEnumerable<RequiredPermission> Of(WorkloadPlan plan, string? nested = null) =>
    [
        .. s_actions.Select(action => new RequiredPermission($"{Profiles}/{action}", plan.Traffic.Route(nested).Profile.Value)),
        new RequiredPermission("Microsoft.Web/sites/read", plan.Primary.WebApp.Value),
        new RequiredPermission("Microsoft.Web/sites/read", plan.Secondary.WebApp.Value),
    ];
}
