using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ReturnPlaces;

/// <summary>The kind of <see cref="ReturnPlacesStep"/>.</summary>
internal sealed class ReturnPlacesStepKind : StepKind<ReturnPlacesStep, ReturnPlacesRunner>
{
    private static readonly StepField To = StepField.Role("to", "The region that gets the places.");

    private static readonly StepField Places = StepField.List(
        "places",
        "Codes of the places, each of one endpoint.",
        StepField.Text("place", "A code.", shape: "^[A-Za-z0-9]{2,6}(-[A-Za-z0-9]{2,6})?$", expected: "a code of Traffic Manager's, such as GEO-EU, DE or WORLD"));

    private static readonly StepField SharedData = StepField.Boolean(
        "sharedData", "Says that both regions may write at once, where the strategy is not active-active.").Optional("false");

    public override string Name => "returnPlaces";

    public override string Summary => "Leads places to a region that serves beside the other one, in a geographic profile: the way back from remapGeography.";

    public override string UndoSummary => "Writes the profile back as it was, unless somebody else has changed it since.";

    public override IReadOnlyList<StepField> Fields { get; } = [To, Places, SharedData];

    public override RunbookStep Build(StepFieldValues values)
    {
        var places = values.List<string>(Places.Name);
        if (places.GroupBy(place => place, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            values.Report(Places.Name, $"names '{twice.Key}' {twice.Count()} times; expected each place once.");
        }

        return new ReturnPlacesStep(values.Name, values.Timeout, values.Role(To.Name), places, values.Get(SharedData.Name, false));
    }

    protected override TimeSpan Estimate(ReturnPlacesStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(10);

    protected override StepEffect Effect(ReturnPlacesStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(ReturnPlacesStep step, WorkloadPlan plan) => ProfilePermissions.Of(plan);

    protected override string Describe(ReturnPlacesStep step, WorkloadPlan plan) =>
        $"lead the users of {string.Join(", ", step.Places)} to '{plan.Traffic.EndpointOf(step.To)}', and leave all others where they are";

    // In this order: a place belongs to one endpoint.
    protected override IEnumerable<string> AzCommands(ReturnPlacesStep step, WorkloadPlan plan) =>
    [
        $"{EndpointCommand.Update(plan.Traffic.Route(null), Other(step.To), "--geo-mapping WORLD")} # its places without {string.Join(' ', step.Places)}",
        EndpointCommand.Update(plan.Traffic.Route(null), step.To, $"--endpoint-status Enabled --geo-mapping {string.Join(' ', step.Places)}"),
    ];

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
