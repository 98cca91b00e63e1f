using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>What an attempt at a ramp saw.</summary>
/// <param name="Step">The step.</param>
/// <param name="Context">What the runner knows.</param>
/// <param name="Chosen">The profile's settings when the step began last.</param>
/// <param name="Profile">The profile as it is.</param>
/// <param name="Progress">Where the ramp stands.</param>
internal sealed record Ramp(
    RampTrafficStep Step, StepContext Context, RoutingSettings Chosen, TrafficProfile Profile, Stored<RampProgress> Progress)
{
    public string Target => Context.Plan.Traffic.Route(Step.Nested).EndpointOf(Step.To);

    /// <summary>What all users go back to.</summary>
    public RoutingSettings Origin => Progress.Value.Origin ?? Chosen;

    public RoutingSettings Wanted => At(Progress.Value.Stage);

    public RoutingSettings Previous => Progress.Value.Stage == 0 ? Progress.Value.Found ?? Chosen : At(Progress.Value.Stage - 1);

    /// <summary>Whether the stage, once it is written, leaves users in both regions for good, if it is the last.</summary>
    public bool IsShared => Context.Plan.Strategy == Strategy.ActiveActive && (Step.Nested is not null || Share(Progress.Value.Stage) < WeightRamp.All);

    /// <summary>Whether the stage moves the last users.</summary>
    public bool IsWhole => !IsShared && Share(Progress.Value.Stage) == WeightRamp.All;

    /// <summary>All users are in the region.</summary>
    public WorkloadState Moved => new(Step.To, Context.Epoch, Context.Run.RunId);

    private RoutingSettings At(int stage) => WeightRamp.At(Origin, Target, Share(stage));

    private int Share(int stage) => Step.Shares[stage];
}
