using System.Globalization;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Probe;

/// <summary>The kind of <see cref="ProbeStep"/>.</summary>
internal sealed class ProbeStepKind : StepKind<ProbeStep, ProbeRunner>
{
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(5);
    private static readonly StepField Region = StepField.Role("region", "The region whose health must answer 200.").Optional();
    private static readonly StepField Url = StepField.Url("url", "Or what is asked, with GET and without following redirects.").Optional();
    private static readonly StepField Tcp = StepField.Tcp("tcp", "Or what must accept connections, such as a database; nothing is sent.").Optional();
    private static readonly StepField Status = StepField.Number("status", "The status that is good, of a `url`.", 100, 599).Optional("200");
    private static readonly StepField Times = StepField.Number("times", "How many good answers in a row.", 1, 1000).Optional("3");

    private static readonly StepField Every =
        StepField.Duration("every", "The pause between two answers.", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)).Optional("5s");

    public override string Name => "probe";

    public override string Summary => "Waits until a region, an address or a port has answered well several times in a row; names exactly one of them.";

    public override string UndoSummary => "Nothing to undo.";

    public override IReadOnlyList<StepField> Fields { get; } = [Region, Url, Tcp, Status, Times, Every];

    public override RunbookStep Build(StepFieldValues values)
    {
        var step = new ProbeStep(values.Name, values.Timeout, values.Get(Times.Name, 3), values.Get(Every.Name, UsualPause))
        {
            Region = values.Has(Region.Name) ? values.Role(Region.Name) : null,
            Url = values.Find<Uri>(Url.Name) ?? values.Find<Uri>(Tcp.Name),
            Status = values.Get(Status.Name, 200),
        };
        StepField[] targets = [Region, Url, Tcp];
        var named = targets.Where(field => values.Has(field.Name)).Select(field => field.Name).ToList();
        if (named.Count != 1)
        {
            values.Report("", $"names {(named.Count == 0 ? "nothing to ask" : string.Join(" and ", named))}; expected exactly one of region, url, tcp.");
        }

        if (values.Has(Status.Name) && !values.Has(Url.Name))
        {
            values.Report(Status.Name, $"is {step.Status}, and only a url has one; expected no status, or url.");
        }

        if (Least(step) >= step.Timeout)
        {
            values.Report(
                values.Has(Times.Name) ? Times.Name : "",
                $"asks for {step.Times} answers {step.Every} apart, which takes {Least(step)}, and the step's timeout is {step.Timeout}; expected a longer timeout.");
        }

        return step;
    }

    protected override TimeSpan Estimate(ProbeStep step, WorkloadPlan plan) => Least(step) + TimeSpan.FromSeconds(1);

    protected override TimeSpan Least(ProbeStep step, WorkloadPlan plan) => Least(step);

    protected override StepEffect Effect(ProbeStep step) => StepEffect.ReadOnly;

    protected override IEnumerable<RequiredPermission> Permissions(ProbeStep step, WorkloadPlan plan) => [];

    protected override string Describe(ProbeStep step, WorkloadPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"wait until {step.Target(plan).OriginalString} has {(step.IsTcp ? "accepted a connection" : $"answered {step.Status}")} {step.Times} times in a row, {SpanText.Of(step.Every)} apart");

    protected override IEnumerable<string> AzCommands(ProbeStep step, WorkloadPlan plan) => step.IsTcp
        ? [FormattableString.Invariant($"curl --globoff --silent --output /dev/null --max-time 5 --write-out '%{{time_connect}} s\\n' {ShellWord.Quote($"telnet://{step.Target(plan).Authority}")} # expect more than 0 s, {step.Times} times in a row")]
        : [FormattableString.Invariant($"curl --globoff --silent --output /dev/null --write-out '%{{http_code}}\\n' {ShellWord.Quote(step.Target(plan).AbsoluteUri)} # expect {step.Status}, {step.Times} times in a row")];

    private static TimeSpan Least(ProbeStep step) => (step.Times - 1) * step.Every;
}
