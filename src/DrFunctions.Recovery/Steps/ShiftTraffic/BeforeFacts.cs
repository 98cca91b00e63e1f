using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>What a step that writes a profile keeps of before: what an undo goes back to.</summary>
internal static class BeforeFacts
{
    private const string ProfileFact = "profileBefore";
    private const string UsersFact = "usersBefore";
    private const string Both = "both";

    public static IReadOnlyDictionary<string, string> Write(TrafficProfile profile, WorkloadPlan plan, WorkloadState state)
    {
        var facts = new Dictionary<string, string> { [ProfileFact] = RoutingFact.Write(profile) };
        if (plan.IsShared(state))
        {
            facts[UsersFact] = Both;
        }

        return facts;
    }

    /// <summary>The profile's settings; null when the step did not begin.</summary>
    public static RoutingSettings? Profile(StepContext context) => RoutingFact.Read(context.Chosen.GetValueOrDefault(ProfileFact));

    /// <summary>Where users were, as a state that this run writes: in both regions, or all where the step took them from.</summary>
    public static WorkloadState State(StepContext context, RegionRole from) => context.Chosen.GetValueOrDefault(UsersFact) == Both
        ? new WorkloadState(RegionRole.Primary, context.Epoch, context.Run.RunId) { IsShared = true }
        : new WorkloadState(from, context.Epoch, context.Run.RunId);
}
