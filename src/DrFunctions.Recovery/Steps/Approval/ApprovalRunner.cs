using System.Globalization;
using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Steps.Approval;

/// <summary>Counts the decisions that are recorded. An event only makes it look sooner.</summary>
internal sealed class ApprovalRunner(DecisionLog decisions, TimeProvider time) : StepRunner<ApprovalStep>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Task<StepCheck> PrecheckAsync(ApprovalStep step, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Request(step, context).Impossible() is { } impossible
            ? StepCheck.Failed(Impossible, impossible + ".", ImpossibleHint)
            : StepCheck.Ok($"{step.Rule.Required} must approve"));

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(ApprovalStep step, StepContext context, CancellationToken cancellationToken)
    {
        var request = Request(step, context);
        if (request.Impossible() is { } impossible)
        {
            return StepAttempt.Failed(Impossible, impossible + ".", ImpossibleHint);
        }

        var made = await decisions.ReadAsync(context.Run.RunId, context.Index, context.Occasion, cancellationToken);
        var now = time.GetUtcNow();
        var count = ApprovalCount.Of(request, made, now);
        var ignored = count.Ignored.Count == 0 ? "" : $" (not counted: {string.Join("; ", count.Ignored)})";
        return count.Outcome switch
        {
            ApprovalOutcome.Approved => StepAttempt.Done(
                $"approved by {string.Join(", ", count.Approved)}{ignored}", new Dictionary<string, string> { ["approvedBy"] = string.Join(',', count.Approved) }),
            ApprovalOutcome.Declined => StepAttempt.Failed(
                "ApprovalDeclined", $"'{step.Question}' was declined by {string.Join(", ", count.Declined)}{ignored}.", "Cancel the run, or ask again by retrying the step."),
            ApprovalOutcome.Expired => StepAttempt.Failed(
                "ApprovalExpired",
                string.Create(CultureInfo.InvariantCulture, $"'{step.Question}': {count.Missing} of {step.Rule.Required} approvals were missing at {count.ExpiresAt:u}{ignored}."),
                "Ask again by retrying the step."),
            _ => StepAttempt.Again(
                "ApprovalPending",
                string.Create(CultureInfo.InvariantCulture, $"waits for {count.Missing} of {step.Rule.Required} approvals until {count.ExpiresAt:u}: {step.Question}{ignored}"),
                count.ExpiresAt - now < Pause ? count.ExpiresAt - now : Pause,
                "Approve or decline the step."),
        };
    }

    private const string Impossible = "ApprovalImpossible";

    private const string ImpossibleHint = "Let somebody else start the run, or name more approvers in the plan.";

    private static ApprovalRequest Request(ApprovalStep step, StepContext context) =>
        step.Request(context.Occasion, context.BegunAt, context.Run.StartedBy);
}
