using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Approval;

/// <summary>The kind of <see cref="ApprovalStep"/>.</summary>
internal sealed class ApprovalStepKind : StepKind<ApprovalStep, ApprovalRunner>
{
    private const string OneDeclines = "one";
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UsualExpiry = TimeSpan.FromHours(1);

    private static readonly StepField Question = StepField.Text("question", "What the approvers are asked.", 500);
    private static readonly StepField Required = StepField.Number("required", "How many distinct people must approve.", 1, 20).Optional("1");

    private static readonly StepField Expiry =
        StepField.Duration("expiry", "How long they have, from when the step began.", TimeSpan.FromMinutes(1), TimeSpan.FromHours(23)).Optional("1h");

    private static readonly StepField Approvers = StepField.List(
        "approvers",
        "The names of those who may approve; everyone with the role 'approver' when it is left out.",
        StepField.Text("approver", "A caller's name.", 100, @"^[a-z0-9][a-z0-9._@#'+-]{0,99}$", CallerName.Expected),
        50).Optional();

    private static readonly StepField StarterMayApprove =
        StepField.Boolean("starterMayApprove", "Whether whoever started the run may be one of them.").Optional("false");

    private static readonly StepField Decline =
        StepField.Choice("decline", "Whether one decline ends it, or as many as would have to approve.", OneDeclines, "as-many-as-approve").Optional(OneDeclines);

    public override string Name => "approval";

    public override string Summary => "Waits until enough people with the role 'approver' have approved; fails when they decline or the time is over.";

    public override string UndoSummary => "Nothing to undo.";

    public override IReadOnlyList<StepField> Fields { get; } = [Question, Required, Expiry, Approvers, StarterMayApprove, Decline];

    public override TimeSpan UsualTimeoutOf(StepFieldValues values) => values.Get(Expiry.Name, UsualExpiry) + Margin;

    public override RunbookStep Build(StepFieldValues values)
    {
        var rule = new ApprovalRule(values.Get(Required.Name, 1), values.Get(Expiry.Name, UsualExpiry))
        {
            Approvers = values.Has(Approvers.Name) ? values.List<string>(Approvers.Name) : [],
            StarterMayApprove = values.Get(StarterMayApprove.Name, false),
            Decline = values.Get(Decline.Name, OneDeclines) == OneDeclines ? DeclineRule.One : DeclineRule.AsManyAsApprove,
        };
        if (rule.Mistake() is { } mistake)
        {
            values.Report(Approvers.Name, $"cannot be fulfilled: {mistake}");
        }

        if (values.Timeout <= rule.Expiry)
        {
            values.Report("timeout", $"is {values.Timeout}, which ends the step before its expiry of {rule.Expiry}; expected more.");
        }

        return new ApprovalStep(values.Name, values.Timeout, values.Get<string>(Question.Name), rule);
    }

    protected override TimeSpan Estimate(ApprovalStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(10);

    protected override StepEffect Effect(ApprovalStep step) => StepEffect.ReadOnly;

    protected override IEnumerable<RequiredPermission> Permissions(ApprovalStep step, WorkloadPlan plan) => [];

    protected override string Describe(ApprovalStep step, WorkloadPlan plan) =>
        $"ask '{step.Question}' and wait up to {SpanText.Of(step.Rule.Expiry)} for {step.Rule.Required} of {(step.Rule.Approvers.Count == 0 ? "the approvers" : string.Join(", ", step.Rule.Approvers))}";

    protected override IEnumerable<string> AzCommands(ApprovalStep step, WorkloadPlan plan) =>
        [$": {ShellWord.Comment($"ask {step.Rule.Required} approver(s) and note their names: {step.Question}")}"];
}
