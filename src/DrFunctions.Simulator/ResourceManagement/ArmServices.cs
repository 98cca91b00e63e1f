using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceGroups;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>What providers share.</summary>
/// <param name="Scenario">What there is at the start.</param>
/// <param name="Operations">Asynchronous operations.</param>
/// <param name="Groups">Resource groups.</param>
/// <param name="Outages">Which regions are dark.</param>
/// <param name="Random">All that looks random.</param>
/// <param name="Time">The clock.</param>
internal sealed record ArmServices(
    Scenario Scenario, OperationStore Operations, ResourceGroupStore Groups, RegionOutages Outages, SeededSource Random, TimeProvider Time)
{
    /// <summary>Pages of lists.</summary>
    public ArmPages Pages { get; } = new(Scenario.ResourceManager.PageSize, Scenario.SubscriptionId);

    /// <summary>The regions that resources can lie in.</summary>
    public ArmLocations Locations { get; } = new(Scenario.Regions);
}
