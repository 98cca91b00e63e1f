using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Wait;

/// <summary>The kind of <see cref="WaitStep"/>.</summary>
internal sealed class WaitStepKind : StepKind<WaitStep, WaitRunner>
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private static readonly StepField For =
        StepField.Duration("for", "How long, from when the step began.", TimeSpan.FromSeconds(1), TimeSpan.FromHours(12));

    public override string Name => "wait";

    public override string Summary => "Lets time pass, through restarts of the app too.";

    public override string UndoSummary => "Nothing to undo.";

    public override IReadOnlyList<StepField> Fields { get; } = [For];

    public override TimeSpan UsualTimeoutOf(StepFieldValues values) => values.Get<TimeSpan>(For.Name) + Margin;

    public override RunbookStep Build(StepFieldValues values)
    {
        var duration = values.Get<TimeSpan>(For.Name);
        if (values.Timeout <= duration)
        {
            values.Report("timeout", $"is {values.Timeout}, which ends the step before its 'for' of {duration}; expected more.");
        }

        return new WaitStep(values.Name, values.Timeout, duration);
    }

    protected override TimeSpan Estimate(WaitStep step, WorkloadPlan plan) => step.For;

    protected override TimeSpan Least(WaitStep step, WorkloadPlan plan) => step.For;

    protected override StepEffect Effect(WaitStep step) => StepEffect.ReadOnly;

    protected override IEnumerable<RequiredPermission> Permissions(WaitStep step, WorkloadPlan plan) => [];

    protected override string Describe(WaitStep step, WorkloadPlan plan) => $"wait for {SpanText.Of(step.For)}";

    protected override IEnumerable<string> AzCommands(WaitStep step, WorkloadPlan plan) =>
        [FormattableString.Invariant($"sleep {step.For.TotalSeconds:0}")];
}
