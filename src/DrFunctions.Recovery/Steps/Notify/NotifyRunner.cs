using System.Globalization;
using DrFunctions.Recovery.Events;

namespace DrFunctions.Recovery.Steps.Notify;

/// <summary>Publishes one event, with the same id in every attempt.</summary>
internal sealed class NotifyRunner(IEventTopic topic) : StepRunner<NotifyStep>
{
    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(NotifyStep step, StepContext context, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{context.Run.RunId}-{context.Index}");
        var facts = new Dictionary<string, string>
        {
            ["workload"] = context.Plan.Workload,
            ["runbook"] = context.Run.Runbook,
            ["runId"] = context.Run.RunId,
            ["mode"] = context.Run.Mode.ToString(),
            ["step"] = step.Name,
            ["message"] = step.Message,
        };
        await topic.PublishAsync(
            step.Topic,
            new Notice(id, "DrFunctions.Run.Notice", $"/drfunctions/{context.Plan.Workload}", context.Run.RunId, context.BegunAt, facts),
            cancellationToken);
        return StepAttempt.Done($"told the topic of {step.Topic}");
    }
}
