using DrFunctions.Recovery.Approvals;
using DrFunctions.Recovery.People;

namespace DrFunctions.App.Approvals;

/// <summary>An approval as the API tells it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Workload">Its workload.</param>
/// <param name="Step">The step's name.</param>
/// <param name="Question">What is to be approved.</param>
/// <param name="StartedBy">Who started the run.</param>
/// <param name="Outcome">Whether the run may go on.</param>
/// <param name="Required">How many people must approve.</param>
/// <param name="Missing">How many of them are missing.</param>
/// <param name="Approvers">Names of those who may approve; absent for everyone with the role.</param>
/// <param name="Approved">Who approved.</param>
/// <param name="Declined">Who declined.</param>
/// <param name="WantedAt">When it was asked.</param>
/// <param name="ExpiresAt">From this instant on it is too late.</param>
/// <param name="NotYours">Why the caller's word would not count; absent when it would.</param>
internal sealed record ApprovalBody(
    string RunId,
    string Workload,
    string Step,
    string Question,
    string StartedBy,
    ApprovalOutcome Outcome,
    int Required,
    int Missing,
    IReadOnlyList<string>? Approvers,
    IReadOnlyList<string> Approved,
    IReadOnlyList<string> Declined,
    DateTimeOffset WantedAt,
    DateTimeOffset ExpiresAt,
    string? NotYours)
{
    public static ApprovalBody Of(WaitingApproval waiting, CallerIdentity caller) => new(
        waiting.RunId,
        waiting.Workload,
        waiting.StepName,
        waiting.Question,
        waiting.Request.Starter.ToString(),
        waiting.Count.Outcome,
        waiting.Request.Rule.Required,
        waiting.Count.Missing,
        waiting.Request.Rule.Approvers is { Count: > 0 } approvers ? approvers : null,
        waiting.Count.Approved,
        waiting.Count.Declined,
        waiting.Request.WantedAt,
        waiting.Request.ExpiresAt,
        waiting.Request.ReasonAgainst(caller));
}
