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

    protected override IEnumerable<RequiredPermission> Permissions(ShiftTrafficStep step, WorkloadPlan plan)
    {
        // A profile is written with all its endpoints, and the writer must be allowed to read what they point to.
        const string Profiles = "Microsoft.Network/trafficManagerProfiles";
        var profile = plan.Traffic.Profile.Value;
        string[] actions =
        [
            "read", "write", "azureEndpoints/read", "azureEndpoints/write", "externalEndpoints/read", "externalEndpoints/write",
            "nestedEndpoints/read", "nestedEndpoints/write",
        ];
        return
        [
            .. actions.Select(action => new RequiredPermission($"{Profiles}/{action}", profile)),
            new RequiredPermission("Microsoft.Web/sites/read", plan.Primary.WebApp.Value),
            new RequiredPermission("Microsoft.Web/sites/read", plan.Secondary.WebApp.Value),
        ];
    }

    protected override string Describe(ShiftTrafficStep step, WorkloadPlan plan) =>
        $"send all users of {plan.Traffic.Check.Host} to '{plan.Traffic.EndpointOf(step.To)}' and disable '{plan.Traffic.EndpointOf(Other(step.To))}'";

    protected override IEnumerable<string> AzCommands(ShiftTrafficStep step, WorkloadPlan plan) =>
    [
        // The failed endpoint first: an endpoint that is disabled is served to nobody, whatever dies in between.
        Update(plan, Other(step.To), "Disabled"),
        Update(plan, step.To, "Enabled"),
    ];

    private static string Update(WorkloadPlan plan, RegionRole role, string status)
    {
        var profile = ShellWord.Quote(plan.Traffic.Profile.Value);
        var query = ShellWord.Quote($"endpoints[?name=='{plan.Traffic.EndpointOf(role)}'].id");
        return $"az network traffic-manager endpoint update --endpoint-status {status} --ids \"$(az network traffic-manager profile show --ids {profile} --query {query} --output tsv)\"";
    }

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
