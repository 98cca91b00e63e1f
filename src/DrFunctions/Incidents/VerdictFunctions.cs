using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.App.Plans;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Incidents;

/// <summary>What would happen if an alert came now, and what people decide about it.</summary>
public sealed class VerdictFunctions(
    IncidentDesk desk, IncidentOpinions opinions, WorkloadLocks locks, PlanStore plans, ApiErrors errors)
{
    [Function("GetVerdict")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/verdict")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await desk.PreviewAsync(workload, cancellationToken) is { } preview ? ApiResult.Json(preview) : PlanFunctions.PlanMissing(workload));

    [Function("ApproveIncident")]
    [Requires(CallerRole.Approver)]
    public Task<IActionResult> ApproveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plans/{workload}/incidents/{incident}/approve")] HttpRequest request,
        string workload,
        string incident,
        CancellationToken cancellationToken) => DecideAsync(request, workload, incident, DecisionKind.Approve, cancellationToken);

    [Function("DeclineIncident")]
    [Requires(CallerRole.Approver)]
    public Task<IActionResult> DeclineAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plans/{workload}/incidents/{incident}/decline")] HttpRequest request,
        string workload,
        string incident,
        CancellationToken cancellationToken) => DecideAsync(request, workload, incident, DecisionKind.Decline, cancellationToken);

    [Function("OverrideIncident")]
    [Requires(CallerRole.Approver)]
    public Task<IActionResult> OverrideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plans/{workload}/incidents/{incident}/override")] HttpRequest request,
        string workload,
        string incident,
        CancellationToken cancellationToken) => DecideAsync(request, workload, incident, DecisionKind.Override, cancellationToken);

    [Function("AcknowledgeRun")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> AcknowledgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plans/{workload}/acknowledge")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<AcknowledgeBody>(request, cancellationToken);
        if (ReasonField.Mistake(body.Reason) is { } mistake)
        {
            return mistake;
        }

        if (await plans.FindCurrentTextAsync(workload, cancellationToken) is null)
        {
            return PlanFunctions.PlanMissing(workload);
        }

        if (await locks.ReadAsync(workload, cancellationToken) is not { } held)
        {
            return ApiResult.NotFound("RunNotFound", $"'{workload}' never had a run.");
        }

        if (held.State == LockState.Held || (body.RunId is { } asked && asked != held.Run.RunId))
        {
            return ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(
                "NotAcknowledgeable",
                held.State == LockState.Held
                    ? $"The run '{held.Run.RunId}' has not ended."
                    : $"runId: '{ReasonField.Shown(body.RunId)}', expected '{held.Run.RunId}', the last run of '{workload}'.",
                "Acknowledge the last run once it has ended."));
        }

        var caller = request.Caller();
        return caller.Authentication.IsPerson()
            ? ApiResult.Json(await opinions.AcknowledgeAsync(workload, held.Run.RunId, caller, body.Reason!, cancellationToken)) // Mistake saw it
            : NotAllowed($"'{caller.Name}' is a system, and only a person acknowledges.", "Use a key of your own.");
    });

    private Task<IActionResult> DecideAsync(
        HttpRequest request, string workload, string incident, DecisionKind kind, CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<DecideBody>(request, cancellationToken);
        if (ReasonField.Mistake(body.Reason) is { } mistake)
        {
            return mistake;
        }

        if (kind == DecisionKind.Override != (body.Rule is not null))
        {
            return ApiResult.BadRequest("FieldInvalid", kind == DecisionKind.Override
                ? "rule: missing, expected the name of the rule to override."
                : $"rule: '{ReasonField.Shown(body.Rule)}', expected none.");
        }

        if (await plans.FindCurrentTextAsync(workload, cancellationToken) is null)
        {
            return PlanFunctions.PlanMissing(workload);
        }

        try
        {
            return await desk.DecideAsync(workload, incident, kind, body.Rule, request.Caller(), body.Reason!, cancellationToken) is { } decision // Mistake saw it
                ? ApiResult.Json(decision)
                : ApiResult.NotFound("IncidentNotFound", $"'{workload}' has no open incident '{ReasonField.Shown(incident)}'.", "List them with 'dr incident list'.");
        }
        catch (RecoveryException exception) when (exception.Code == "NotAllowed")
        {
            return NotAllowed(exception.Message, exception.Hint);
        }
        catch (RecoveryException exception) when (exception.Code == "RuleUnknown")
        {
            return ApiResult.BadRequest("FieldInvalid", exception.Message, exception.Hint);
        }
    });

    private static IActionResult NotAllowed(string message, string hint) =>
        ApiResult.Error(StatusCodes.Status403Forbidden, new ApiError("NotAllowed", message, hint));

    private sealed record DecideBody(string? Reason, string? Rule);

    private sealed record AcknowledgeBody(string? Reason, string? RunId);
}
