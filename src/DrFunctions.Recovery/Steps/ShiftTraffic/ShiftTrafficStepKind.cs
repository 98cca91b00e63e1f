using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>The kind of <see cref="ShiftTrafficStep"/>.</summary>
internal sealed class ShiftTrafficStepKind : StepKind<ShiftTrafficStep, ShiftTrafficRunner>
{
    private static readonly StepField To = StepField.Role("to", "The region that users go to.");

    public override string Name => "shiftTraffic";

    public override string Summary => "Moves all users to a region; a step before it must fence the other.";

    public override string UndoSummary => "Writes the profile back as it was, unless somebody else has changed it since.";

    public override IReadOnlyList<StepField> Fields { get; } = [To, NestedField.Field];

    public override RunbookStep Build(StepFieldValues values) => new ShiftTrafficStep(
        values.Name, values.Timeout, values.Role(To.Name), values.Find<string>(NestedField.Name));

    protected override TimeSpan Estimate(ShiftTrafficStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(10);

    protected override StepEffect Effect(ShiftTrafficStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(ShiftTrafficStep step, WorkloadPlan plan) => ProfilePermissions.Of(plan, step.Nested);

    protected override IEnumerable<string> Mistakes(ShiftTrafficStep step, WorkloadPlan plan) => NestedField.Mistakes(step.Nested, plan);

    protected override string Describe(ShiftTrafficStep step, WorkloadPlan plan) =>
        $"send all users of {step.Nested ?? plan.Traffic.Check.Host} to '{Route(step, plan).EndpointOf(step.To)}' and disable '{Route(step, plan).EndpointOf(Other(step.To))}'";

    protected override IEnumerable<string> AzCommands(ShiftTrafficStep step, WorkloadPlan plan) =>
    [
        // The failed endpoint first: an endpoint that is disabled is served to nobody, whatever dies in between.
        EndpointCommand.Update(Route(step, plan), Other(step.To), "--endpoint-status Disabled"),
        EndpointCommand.Update(Route(step, plan), step.To, "--endpoint-status Enabled"),
    ];

    private static TrafficRoute Route(ShiftTrafficStep step, WorkloadPlan plan) => plan.Traffic.Route(step.Nested);

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
