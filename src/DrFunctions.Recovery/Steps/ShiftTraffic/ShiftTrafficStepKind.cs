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

    public override IReadOnlyList<StepField> Fields { get; } = [To];

    public override RunbookStep Build(StepFieldValues values) => new ShiftTrafficStep(values.Name, values.Timeout, values.Role(To.Name));

    protected override TimeSpan Estimate(ShiftTrafficStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(10);

    protected override StepEffect Effect(ShiftTrafficStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(ShiftTrafficStep step, WorkloadPlan plan) => ProfilePermissions.Of(plan);

    protected override string Describe(ShiftTrafficStep step, WorkloadPlan plan) =>
        $"send all users of {plan.Traffic.Check.Host} to '{plan.Traffic.EndpointOf(step.To)}' and disable '{plan.Traffic.EndpointOf(Other(step.To))}'";

    protected override IEnumerable<string> AzCommands(ShiftTrafficStep step, WorkloadPlan plan) =>
    [
        // The failed endpoint first: an endpoint that is disabled is served to nobody, whatever dies in between.
        EndpointCommand.Update(plan, Other(step.To), "--endpoint-status Disabled"),
        EndpointCommand.Update(plan, step.To, "--endpoint-status Enabled"),
    ];

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
