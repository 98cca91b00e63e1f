using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.App.Runs;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Approvals;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Approvals;

/// <summary>What waits for whose word, and the words.</summary>
public sealed class ApprovalFunctions(ApprovalDesk desk, PlanIndex plans, ApiErrors errors)
{
    private const int MaxReason = 1024;

    [Function("ListApprovals")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "approvals")] HttpRequest request, CancellationToken cancellationToken) =>
        errors.GuardAsync(async () =>
        {
            var waiting = new List<WaitingApproval>();
            var all = await plans.ReadAsync(cancellationToken);
            foreach (var workload in all.Plans.Select(plan => plan.Workload).Concat(all.Damaged.Select(plan => plan.Workload)))
            {
                waiting.AddRange(await desk.ReadAsync(workload, cancellationToken));
            }

            var caller = request.Caller();
            return ApiResult.Json(new ApprovalList([.. waiting.OrderBy(each => each.Request.ExpiresAt).Select(each => ApprovalBody.Of(each, caller))]));
        });

    [Function("DecideApproval")]
    [Requires(CallerRole.Approver)]
    public Task<IActionResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{runId}/approvals")] HttpRequest request,
        string runId,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<DecisionBody>(request, cancellationToken);
        DecisionKind? kind = body.Decision switch { "approve" => DecisionKind.Approve, "decline" => DecisionKind.Decline, _ => null };
        if (kind is null)
        {
            return ApiResult.BadRequest("FieldInvalid", $"decision: '{Shown(body.Decision)}', expected 'approve' or 'decline'.");
        }

        if (string.IsNullOrWhiteSpace(body.Reason))
        {
            return ApiResult.BadRequest("FieldMissing", "reason: missing, expected why, so that the record says it.");
        }

        if (body.Reason.Length > MaxReason)
        {
            return ApiResult.BadRequest("FieldTooLong", $"reason: {body.Reason.Length} characters, expected at most {MaxReason}.");
        }

        var caller = request.Caller();
        return RunAnswers.IsRunId(runId)
            ? Answer(runId, body.Step, caller, await desk.DecideAsync(runId, body.Step, kind.Value, caller, body.Reason, cancellationToken))
            : RunMissing(runId);
    });

    private static IActionResult Answer(string runId, string? step, CallerIdentity caller, ApprovalAnswer answer) => answer switch
    {
        ApprovalAnswer.Recorded recorded => ApiResult.Json(
            new DecidedBody(recorded.Decision.Kind, recorded.Decision.By.ToString(), recorded.Decision.At, ApprovalBody.Of(recorded.Approval, caller)),
            recorded.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK),
        ApprovalAnswer.UnknownRun => RunMissing(runId),
        ApprovalAnswer.NotWaiting { Waiting: [] } => Conflict(
            "NothingWaits", $"The run '{runId}' waits for no approval.", "See what waits with 'dr approvals'."),
        ApprovalAnswer.NotWaiting several => Conflict(
            step is null ? "StepMissing" : "StepNotWaiting",
            $"step: '{Shown(step)}', expected one of those that wait: {string.Join(", ", several.Waiting.Select(name => $"'{name}'"))}.",
            "Name the step."),
        ApprovalAnswer.NotYours not => ApiResult.Error(StatusCodes.Status403Forbidden, new ApiError(
            "NotYours", $"{not.Reason}.", "Ask one of the approvers; 'dr approvals' shows who they are.")),
        ApprovalAnswer.Late late => Conflict(
            "ApprovalExpired", $"The time to approve ended at {late.ExpiredAt:u}.", "Whoever operates the run can ask again by retrying the step."),
        ApprovalAnswer.Declined declined => Conflict(
            "AlreadyDeclined",
            $"'{caller.Name}' declined at {declined.Earlier.At:u}: {declined.Earlier.Reason}. That stays.",
            "Whoever operates the run can ask again by retrying the step."),
        _ => throw new InvalidOperationException($"Unknown answer {answer}."),
    };

    private static IActionResult Conflict(string code, string message, string hint) =>
        ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(code, message, hint));

    private static IActionResult RunMissing(string runId) => ApiResult.NotFound(
        "RunNotFound", $"There is no run '{runId}', or it has not begun yet.", "List them with 'dr run list WORKLOAD'.");

    private static string Shown(string? text) => text is { Length: > 40 } ? $"{text[..40]}…" : text ?? "";

    private sealed record DecisionBody(string? Step = null, string? Decision = null, string? Reason = null);

    private sealed record DecidedBody(DecisionKind Decision, string By, DateTimeOffset At, ApprovalBody Approval);

    private sealed record ApprovalList(IReadOnlyList<ApprovalBody> Approvals);
}
