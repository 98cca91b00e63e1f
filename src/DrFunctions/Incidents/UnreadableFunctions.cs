using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Signals.Unreadable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Incidents;

/// <summary>Incidents of signals that nobody could understand: they belong to no workload, and a named person closes them.</summary>
public sealed class UnreadableFunctions(UnreadableIncidents incidents, ApiErrors errors)
{
    [Function("ListUnreadable")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "unreadable")] HttpRequest request, CancellationToken cancellationToken) =>
        errors.GuardAsync(async () => ApiResult.Json(new UnreadableList(await incidents.ReadAsync(cancellationToken))));

    [Function("AcknowledgeUnreadable")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> AcknowledgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "unreadable/{incident}/acknowledge")] HttpRequest request,
        string incident,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<AcknowledgeBody>(request, cancellationToken);
        if (ReasonField.Mistake(body.Reason) is { } mistake)
        {
            return mistake;
        }

        var caller = request.Caller();
        return !caller.Authentication.IsPerson()
            ? ApiResult.Error(StatusCodes.Status403Forbidden, new ApiError(
                "NotAllowed", $"'{caller.Name}' is a system, and only a person acknowledges.", "Use a key of your own."))
            : await incidents.AcknowledgeAsync(incident, caller, body.Reason!, cancellationToken) is { } closed // Mistake saw it
                ? ApiResult.Json(closed)
                : ApiResult.NotFound("IncidentNotFound", $"There is no incident '{ReasonField.Shown(incident)}' of unreadable signals.", "List them with 'dr incident list'.");
    });

    private sealed record UnreadableList(IReadOnlyList<UnreadableIncident> Unreadable);

    private sealed record AcknowledgeBody(string? Reason);
}
