using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Notify;

/// <summary>The kind of <see cref="NotifyStep"/>.</summary>
internal sealed class NotifyStepKind : StepKind<NotifyStep, NotifyRunner>
{
    private static readonly StepField Topic = StepField.Setting(
        "topic", "The prefix of the app settings {topic}__topicEndpointUri and, unless the app's identity is used, {topic}__topicKey.");

    private static readonly StepField Message = StepField.Text("message", "What it is told; never a secret.", 1000);

    public override string Name => "notify";

    public override string Summary => "Publishes an event of type DrFunctions.Run.Notice to a custom topic of Event Grid.";

    public override string UndoSummary => "Nothing to undo: what was told is not taken back.";

    public override IReadOnlyList<StepField> Fields { get; } = [Topic, Message];

    public override RunbookStep Build(StepFieldValues values) =>
        new NotifyStep(values.Name, values.Timeout, values.Get<string>(Topic.Name), values.Get<string>(Message.Name));

    protected override TimeSpan Estimate(NotifyStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(2);

    protected override StepEffect Effect(NotifyStep step) => StepEffect.ReadOnly;

    // The topic's id is not in the plan; its key, or the role 'EventGrid Data Sender' on it, is given where the setting is made.
    protected override IEnumerable<RequiredPermission> Permissions(NotifyStep step, WorkloadPlan plan) => [];

    protected override string Describe(NotifyStep step, WorkloadPlan plan) => $"tell the topic of {step.Topic}: {step.Message}";

    protected override IEnumerable<string> AzCommands(NotifyStep step, WorkloadPlan plan) =>
        [$"printf '%s\\n' {ShellWord.Quote($"tell whoever listens to {step.Topic}: {step.Message}")}"];
}
