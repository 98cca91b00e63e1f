using System.Globalization;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>The kind of <see cref="RampTrafficStep"/>.</summary>
internal sealed class RampTrafficStepKind : StepKind<RampTrafficStep, RampTrafficRunner>
{
    private static readonly TimeSpan UsualSoak = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);
    private static readonly IReadOnlyList<int> UsualStages = [1, 10, 50, 100];

    private static readonly StepField To = StepField.Role("to", "The region that users go to.");

    private static readonly StepField Stages = StepField.List(
        "stages", "Percent of `whole` at each stage, growing; a last one below 100 leaves the users shared: a canary.",
        StepField.Number("stage", "Percent.", 1, 100), most: 20).Optional("[1, 10, 50, 100]");

    private static readonly StepField Whole = StepField.Number(
        "whole", "Percent of all users that are the region's in the end; below 100 both regions keep users, as in active-active.", 1, 100).Optional("100");

    private static readonly StepField MaxLag = StepField.Duration(
        "maxLag",
        "How far any store's data may lag: until all are known to be within it no user is sent, and no stage soaks. Not looked at by default.",
        TimeSpan.FromSeconds(1),
        TimeSpan.FromHours(24)).Optional();

    private static readonly StepField Soak = StepField.Duration(
        "soak", "How long the region must be healthy without a break at each stage.", TimeSpan.FromSeconds(1), TimeSpan.FromHours(6)).Optional("5m");

    private static readonly StepField Failures = StepField.Number(
        "failures", "How many looks in a row that find the region dead send all users back.", 1, 100).Optional("3");

    private static readonly StepField SharedData = StepField.Boolean(
        "sharedData", "Says that both regions may write at once, where the strategy is not active-active.").Optional("false");

    public override string Name => "rampTraffic";

    public override string Summary => "Moves users to a region in stages, each with a soak, and all of them back when the region fails.";

    public override string UndoSummary => "Writes the profile back as it was, unless somebody else has changed it since.";

    public override IReadOnlyList<StepField> Fields { get; } = [To, NestedField.Field, Stages, Whole, Soak, Failures, MaxLag, SharedData];

    public override TimeSpan UsualTimeoutOf(StepFieldValues values) =>
        (values.Get(Soak.Name, UsualSoak) * StagesOf(values).Count) + Slack;

    public override RunbookStep Build(StepFieldValues values)
    {
        var (stages, soak) = (StagesOf(values), values.Get(Soak.Name, UsualSoak));
        if (stages.Zip(stages.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            values.Report(Stages.Name, $"is [{string.Join(", ", stages)}]; expected each stage to be more than the one before.");
        }

        if (values.Timeout <= soak * stages.Count)
        {
            values.Report(
                values.Has(Soak.Name) ? Soak.Name : "",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"makes {stages.Count} stages of {soak.TotalSeconds:0}s, and the step's timeout is {values.Timeout.TotalSeconds:0}s; expected the timeout to be longer than all soaks."));
        }

        return new RampTrafficStep(
            values.Name, values.Timeout, values.Role(To.Name), stages, soak, values.Get(Failures.Name, 3), values.Get(SharedData.Name, false))
        {
            Whole = values.Get(Whole.Name, 100),
            Nested = values.Find<string>(NestedField.Name),
            MaxLag = values.Has(MaxLag.Name) ? values.Get<TimeSpan>(MaxLag.Name) : null,
        };
    }

    protected override IEnumerable<string> Mistakes(RampTrafficStep step, WorkloadPlan plan) => NestedField.Mistakes(step.Nested, plan);

    protected override TimeSpan Estimate(RampTrafficStep step, WorkloadPlan plan) => (step.Soak + TimeSpan.FromSeconds(10)) * step.Stages.Count;

    protected override StepEffect Effect(RampTrafficStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(RampTrafficStep step, WorkloadPlan plan) => ProfilePermissions.Of(plan, step.Nested);

    protected override string Describe(RampTrafficStep step, WorkloadPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"send {string.Join(", ", step.Stages.Select((_, stage) => step.Share(stage).ToString(CultureInfo.InvariantCulture)))} % of the users of {step.Nested ?? plan.Traffic.Check.Host} to '{plan.Traffic.Route(step.Nested).EndpointOf(step.To)}', each for {step.Soak.TotalSeconds:0} s of health, and all back after {step.Failures} failures in a row");

    protected override IEnumerable<string> AzCommands(RampTrafficStep step, WorkloadPlan plan)
    {
        var route = plan.Traffic.Route(step.Nested);
        yield return $"az network traffic-manager profile update --routing-method Weighted --ids {ShellWord.Quote(route.Profile.Value)}";
        foreach (var share in step.Shares)
        {
            yield return EndpointCommand.Update(route, step.To, FormattableString.Invariant($"--endpoint-status Enabled --weight {share}"));
            yield return share < WeightRamp.All
                ? EndpointCommand.Update(route, Other(step.To), FormattableString.Invariant($"--endpoint-status Enabled --weight {WeightRamp.All - share}"))
                : EndpointCommand.Update(route, Other(step.To), "--endpoint-status Disabled");
            yield return FormattableString.Invariant(
                $"sleep {step.Soak.TotalSeconds:0} && curl --globoff --fail --silent --show-error {ShellWord.Quote(plan.RegionOf(step.To).Health.AbsoluteUri)}");
        }
    }

    private static IReadOnlyList<int> StagesOf(StepFieldValues values) => values.Has(Stages.Name) ? values.List<int>(Stages.Name) : UsualStages;

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
