using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>Reads the profile and the profiles nested in it; see <see cref="TrafficLint"/>.</summary>
public sealed class TrafficCheck(ITrafficManager trafficManager) : IPlanCheck
{
    /// <inheritdoc/>
    public string Subject => "the Traffic Manager profile";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var profile = await trafficManager.ReadAsync(plan.Plan.Traffic.Profile, cancellationToken);
        var children = new Dictionary<ResourceId, TrafficProfile>();
        foreach (var id in profile.Endpoints.Where(one => one.Kind == EndpointKind.Nested).Select(one => one.Resource).OfType<ResourceId>().Distinct())
        {
            try
            {
                children[id] = await trafficManager.ReadAsync(id, cancellationToken);
            }
            catch (RecoveryException)
            {
                // The lint says of the endpoint that its profile is unknown.
            }
        }

        return TrafficLint.Check(new TrafficFacts(plan.Plan, plan.State.Active, profile, children) { IsShared = plan.Plan.IsShared(plan.State) });
    }
}
