using System.Globalization;
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
        "stages", "Percent of the users at each stage, growing; a last one below 100 leaves them shared.",
        StepField.Number("stage", "Percent.", 1, 100), most: 20).Optional("[1, 10, 50, 100]");

    private static readonly StepField Soak = StepField.Duration(
        "soak", "How long the region must be healthy without a break at each stage.", TimeSpan.FromSeconds(1), TimeSpan.FromHours(6)).Optional("5m");

    private static readonly StepField Failures = StepField.Number(
        "failures", "How many looks in a row that find the region dead send all users back.", 1, 100).Optional("3");

    private static readonly StepField SharedData = StepField.Boolean(
        "sharedData", "Says that both regions may write at once, where the strategy is not active-active.").Optional("false");

    public override string Name => "rampTraffic";

    public override string Summary => "Moves users to a region in stages, each with a soak, and all of them back when the region fails.";

    public override string UndoSummary => "Writes the profile back as it was, unless somebody else has changed it since.";

    public override IReadOnlyList<StepField> Fields { get; } = [To, Stages, Soak, Failures, SharedData];

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
            values.Name, values.Timeout, values.Role(To.Name), stages, soak, values.Get(Failures.Name, 3), values.Get(SharedData.Name, false));
    }

    protected override TimeSpan Estimate(RampTrafficStep step, WorkloadPlan plan) => (step.Soak + TimeSpan.FromSeconds(10)) * step.Stages.Count;

    protected override StepEffect Effect(RampTrafficStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(RampTrafficStep step, WorkloadPlan plan) => ProfilePermissions.Of(plan);

    protected override string Describe(RampTrafficStep step, WorkloadPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"send {string.Join(", ", step.Stages)} % of the users of {plan.Traffic.Check.Host} to '{plan.Traffic.EndpointOf(step.To)}', each for {step.Soak.TotalSeconds:0} s of health, and all back after {step.Failures} failures in a row");

    protected override IEnumerable<string> AzCommands(RampTrafficStep step, WorkloadPlan plan)
    {
        yield return $"az network traffic-manager profile update --routing-method Weighted --ids {ShellWord.Quote(plan.Traffic.Profile.Value)}";
        foreach (var stage in step.Stages)
        {
            yield return EndpointCommand.Update(plan, step.To, FormattableString.Invariant($"--endpoint-status Enabled --weight {stage * 10}"));
            yield return stage < 100
                ? EndpointCommand.Update(plan, Other(step.To), FormattableString.Invariant($"--endpoint-status Enabled --weight {(100 - stage) * 10}"))
                : EndpointCommand.Update(plan, Other(step.To), "--endpoint-status Disabled");
            yield return FormattableString.Invariant(
                $"sleep {step.Soak.TotalSeconds:0} && curl --fail --silent --show-error {ShellWord.Quote(plan.RegionOf(step.To).Health.AbsoluteUri)}");
        }
    }

    private static IReadOnlyList<int> StagesOf(StepFieldValues values) => values.Has(Stages.Name) ? values.List<int>(Stages.Name) : UsualStages;

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
