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

    public static IEnumerable<RequiredPermission> Of(WorkloadPlan plan) =>
    [
        .. s_actions.Select(action => new RequiredPermission($"{Profiles}/{action}", plan.Traffic.Profile.Value)),
        new RequiredPermission("Microsoft.Web/sites/read", plan.Primary.WebApp.Value),
        new RequiredPermission("Microsoft.Web/sites/read", plan.Secondary.WebApp.Value),
    ];
}
