using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences;

/// <summary>One region of one store, to be fenced as the plan says.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Store">The store; where several stores share what is fenced, the first of them.</param>
/// <param name="Region">The region that must not write any more.</param>
public sealed record FenceSite(WorkloadPlan Plan, DataStore Store, RegionRole Region)
{
    /// <summary>The kind of the store's fence.</summary>
    public FenceKind Kind => FenceCatalog.Of(Store.Fence);

    /// <summary>The region that takes over.</summary>
    public RegionRole Other => Region == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;

    /// <summary>The region as the plan has it.</summary>
    public Region Fenced => Plan.RegionOf(Region);

    /// <summary>What must be fenced so that no store of the plan is written in the region: once each, in the plan's order.</summary>
    public static IReadOnlyList<FenceSite> Of(WorkloadPlan plan, RegionRole region)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Stores.Select(store => new FenceSite(plan, store, region)).DistinctBy(site => (site.Kind, site.Kind.Target(site).ToUpperInvariant()))];
    }
}
