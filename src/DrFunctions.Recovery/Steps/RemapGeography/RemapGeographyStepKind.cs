using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RemapGeography;

/// <summary>The kind of <see cref="RemapGeographyStep"/>.</summary>
internal sealed class RemapGeographyStepKind : StepKind<RemapGeographyStep, RemapGeographyRunner>
{
    private static readonly StepField To = StepField.Role("to", "The region that the other one's places are led to.");

    public override string Name => "remapGeography";

    public override string Summary => "Leads the places of one region to the other, in a geographic profile; a step before it must fence the other.";

    public override string UndoSummary => "Gives every place back to the endpoint that had it, unless somebody else has changed the profile since.";

    public override IReadOnlyList<StepField> Fields { get; } = [To];

    public override RunbookStep Build(StepFieldValues values) => new RemapGeographyStep(values.Name, values.Timeout, values.Role(To.Name));

    protected override TimeSpan Estimate(RemapGeographyStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(10);

    protected override StepEffect Effect(RemapGeographyStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(RemapGeographyStep step, WorkloadPlan plan) => ProfilePermissions.Of(plan);

    protected override string Describe(RemapGeographyStep step, WorkloadPlan plan) =>
        $"lead the places of '{plan.Traffic.EndpointOf(Other(step.To))}' to '{plan.Traffic.EndpointOf(step.To)}' and disable '{plan.Traffic.EndpointOf(Other(step.To))}'";

    // By hand the places fall to whoever has a wider one, such as WORLD: the service takes no endpoint without a place.
    protected override IEnumerable<string> AzCommands(RemapGeographyStep step, WorkloadPlan plan) =>
    [
        EndpointCommand.Update(plan.Traffic.Route(null), Other(step.To), "--endpoint-status Disabled --geo-mapping BV"),
        $"{EndpointCommand.Update(plan.Traffic.Route(null), step.To, "--endpoint-status Enabled --geo-mapping WORLD")} # and the places of both",
    ];

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
