using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Probe;

/// <summary>The kind of <see cref="ProbeStep"/>.</summary>
internal sealed class ProbeStepKind : StepKind<ProbeStep, ProbeRunner>
{
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(5);
    private static readonly StepField Url = StepField.Url("url", "What is asked, with GET and without following redirects.");
    private static readonly StepField Status = StepField.Number("status", "The status that is good.", 100, 599).Optional("200");
    private static readonly StepField Times = StepField.Number("times", "How many good answers in a row.", 1, 1000).Optional("3");

    private static readonly StepField Every =
        StepField.Duration("every", "The pause between two answers.", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)).Optional("5s");

    public override string Name => "probe";

    public override string Summary => "Waits until an address has answered well several times in a row.";

    public override string UndoSummary => "Nothing to undo.";

    public override IReadOnlyList<StepField> Fields { get; } = [Url, Status, Times, Every];

    public override RunbookStep Build(StepFieldValues values)
    {
        var step = new ProbeStep(
            values.Name,
            values.Timeout,
            values.Get<Uri>(Url.Name),
            values.Get(Status.Name, 200),
            values.Get(Times.Name, 3),
            values.Get(Every.Name, UsualPause));
        if (Least(step) >= step.Timeout)
        {
            values.Report(
                values.Has(Times.Name) ? Times.Name : "",
                $"asks for {step.Times} answers {step.Every} apart, which takes {Least(step)}, and the step's timeout is {step.Timeout}; expected a longer timeout.");
        }

        return step;
    }

    protected override TimeSpan Estimate(ProbeStep step, WorkloadPlan plan) => Least(step) + TimeSpan.FromSeconds(1);

    protected override TimeSpan Least(ProbeStep step) => (step.Times - 1) * step.Every;

    protected override StepEffect Effect(ProbeStep step) => StepEffect.ReadOnly;

    protected override IEnumerable<RequiredPermission> Permissions(ProbeStep step, WorkloadPlan plan) => [];

    protected override string Describe(ProbeStep step, WorkloadPlan plan) =>
        $"wait until {step.Url} has answered {step.Status} {step.Times} times in a row, {step.Every} apart";

    protected override IEnumerable<string> AzCommands(ProbeStep step, WorkloadPlan plan) =>
        [$"curl --globoff --silent --output /dev/null --write-out '%{{http_code}}\\n' {ShellWord.Quote(step.Url.AbsoluteUri)} # expect {step.Status}, {step.Times} times in a row"];
}
