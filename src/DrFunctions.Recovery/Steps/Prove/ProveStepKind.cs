using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Prove;

/// <summary>The kind of <see cref="ProveStep"/>.</summary>
internal sealed class ProveStepKind : StepKind<ProveStep, ProveRunner>
{
    private static readonly StepField Region = StepField.Role("region", "The region that must answer.");

    public override string Name => "prove";

    public override string Summary => "Proves from outside, by every DNS resolver and a request, that users reach the region; at least 30s.";

    public override string UndoSummary => "Nothing to undo.";

    // Resolvers keep an answer for the profile's time to live; a shorter proof fails while everything is well.
    public override TimeSpan LeastTimeout => TimeSpan.FromSeconds(30);

    public override IReadOnlyList<StepField> Fields { get; } = [Region];

    public override RunbookStep Build(StepFieldValues values) => new ProveStep(values.Name, values.Timeout, values.Role(Region.Name));

    protected override TimeSpan Estimate(ProveStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(1);

    protected override StepEffect Effect(ProveStep step) => StepEffect.ReadOnly;

    protected override IEnumerable<RequiredPermission> Permissions(ProveStep step, WorkloadPlan plan) =>
        [
            .. plan.Traffic.Nested.Select(nested => nested.Route.Profile).Prepend(plan.Traffic.Profile)
                .Select(profile => new RequiredPermission("Microsoft.Network/trafficManagerProfiles/read", profile.Value)),
        ];

    protected override string Describe(ProveStep step, WorkloadPlan plan) =>
        $"wait until DNS leads {plan.Traffic.Check.Host} to {plan.RegionOf(step.Region).Name} and {plan.Traffic.Check} answers 200 there";

    protected override IEnumerable<string> AzCommands(ProveStep step, WorkloadPlan plan) =>
    [
        $"dig +short {ShellWord.Quote(plan.Traffic.Check.Host)} {ShellWord.Comment($"expect the host of '{plan.Traffic.EndpointOf(step.Region)}'")}",
        $"curl --globoff --fail --silent --show-error {ShellWord.Quote(plan.Traffic.Check.AbsoluteUri)}",
    ];
}
