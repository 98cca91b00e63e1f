using DrFunctions.App.Http;
using DrFunctions.App.Incidents;
using DrFunctions.App.People;
using DrFunctions.Cloud.Documents;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Control;

/// <summary>Who is in control, where a second app stands by; and a person's word that this one takes over.</summary>
public sealed class ControlFunctions(
    ControlAuthority authority, ControlTakeover takeover, ControlWatch watch, IDocumentStore documents, TimeProvider time, ApiErrors errors)
{
    private const string FenceRule = "fence";
    private const int MostCounted = 1000;

    [Function("ReadControl")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "control")] HttpRequest request, CancellationToken cancellationToken) =>
        errors.GuardAsync(async () => ApiResult.Json(await ViewAsync(cancellationToken)));

    [Function("TakeControl")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "control/take")] HttpRequest request, CancellationToken cancellationToken) =>
        errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<TakeBody>(request, cancellationToken);
        if (ReasonField.Mistake(body.Reason) is { } mistake)
        {
            return mistake;
        }

        var caller = request.Caller();
        if (body.Overrides is { } rule && rule != FenceRule)
        {
            return ApiResult.BadRequest("FieldInvalid", $"overrides: '{ReasonField.Shown(rule)}', expected '{FenceRule}' or nothing.");
        }

        if (body.Overrides is not null && (!caller.Roles.Allow(CallerRole.Approver) || !caller.Authentication.IsPerson()))
        {
            return ApiResult.Error(StatusCodes.Status403Forbidden, new ApiError(
                "NotAllowed", $"overrides: '{FenceRule}' is for a person with the role approver; '{caller.Name}' is none.", "Ask one of them."));
        }

        if (!authority.HasPeer)
        {
            return ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(
                "ControlAlone", "This app has no mirror account, so that there is no other one to take over from.", "Set Dr__MirrorStorage."));
        }

        await takeover.TakeAsync(caller.ToString(), body.Reason!, body.Overrides is not null, cancellationToken); // Mistake saw it
        await watch.CatchUpAsync(cancellationToken);
        return ApiResult.Json(await ViewAsync(cancellationToken));
    });

    private async Task<ControlView> ViewAsync(CancellationToken cancellationToken)
    {
        if (!authority.HasPeer)
        {
            return new ControlView(authority.Me.Account, authority.Me.Region, ControlRole.InControl, null, null, [], null, 0);
        }

        var sight = await authority.SeeAsync(cancellationToken);
        var now = time.GetUtcNow();
        var unmirrored = await documents.ListAsync(MirroredDocumentStore.MarkPrefix, cancellationToken).Take(MostCounted).CountAsync(cancellationToken);
        return new ControlView(
            authority.Me.Account,
            authority.Me.Region,
            authority.RoleBy(sight.Term),
            sight.Term,
            sight.Term?.ActsFrom,
            [.. sight.Beats.Select(beat => new AppView(beat.Account, beat.Region, beat.At, Math.Max(0, Math.Round((now - beat.At).TotalSeconds, 1))))],
            sight.OtherAnswers,
            unmirrored);
    }

    private sealed record TakeBody(string? Reason, string? Overrides);

    private sealed record ControlView(
        string Account,
        string Region,
        ControlRole Role,
        ControlTerm? Term,
        DateTimeOffset? ActsFrom,
        IReadOnlyList<AppView> Apps,
        bool? OtherAccountAnswers,
        int Unmirrored);

    private sealed record AppView(string Account, string Region, DateTimeOffset LastSignAt, double AgoSeconds);
}
