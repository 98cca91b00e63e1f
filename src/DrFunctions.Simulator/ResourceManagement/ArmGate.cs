using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Stands before Resource Manager: darkness and the scripted faults before and after a request's effect.</summary>
internal sealed class ArmGate(Scenario scenario, ArmEndpoint arm, FaultSchedule faults, FaultDelay delay)
{
    private const int DefaultRetryAfterSeconds = 10;

    /// <summary>Whether a connection is to be closed at once; counted.</summary>
    public bool MeetsDarkness() => TakeDarkness() is not null;

    public async Task HandleAsync(HttpContext context)
    {
        var note = RequestNote.Of(context);
        if (MeetsDarkness(note) || await StrikeAsync(context, note, FaultPhase.Before) is not { } before)
        {
            note.NoAnswer = true;
            return;
        }

        var response = before.Response ?? await arm.AnswerAsync(context.Request);
        if (await StrikeAsync(context, note, FaultPhase.After) is not { } after || MeetsDarkness(note))
        {
            note.NoAnswer = true;
            return;
        }

        await arm.WriteAsync(context, after.Response ?? response);
    }

    private bool MeetsDarkness(RequestNote note)
    {
        if (TakeDarkness() is not { } dark)
        {
            return false;
        }

        note.Fault = dark.Id;
        return true;
    }

    private FaultHit? TakeDarkness() => faults.Take(new FaultQuery(FaultTarget.ResourceManager) { Dark = true });

    /// <summary>Null when there is to be no answer.</summary>
    private async Task<Strike?> StrikeAsync(HttpContext context, RequestNote note, FaultPhase phase)
    {
        var path = context.Request.Path.Value ?? "/";
        var query = new FaultQuery(FaultTarget.ResourceManager)
        {
            Method = context.Request.Method,
            Path = path,
            ResourceType = ArmPath.TypeOf(context.Request.Method, path),
            Phase = phase,
        };
        if (faults.Take(query) is not { } hit)
        {
            return new Strike(null);
        }

        note.Fault = hit.Id;
        return await delay.PassAsync(hit, context.RequestAborted) ? new Strike(ResponseOf(hit.Fault)) : null;
    }

    private ArmResponse? ResponseOf(Fault fault)
    {
        int? retryAfter = fault.RetryAfter is { } again ? (int)again.TotalSeconds : null;
        switch (fault.Kind)
        {
            case FaultKind.Throttle:
                var seconds = retryAfter ?? DefaultRetryAfterSeconds;
                var throttled = new ArmRejection(
                    429,
                    fault.Code ?? "SubscriptionRequestsThrottled",
                    fault.Message ?? $"Number of requests for subscription '{scenario.SubscriptionId}' exceeded. Please try again after '{seconds}' seconds.");
                return throttled.ToResponse() with { RetryAfterSeconds = seconds };
            case FaultKind.Error:
                var error = new ArmRejection(fault.Status ?? 500, fault.Code ?? "ServerError", fault.Message ?? "A scripted fault of the simulator.") { ByService = true };
                return error.ToResponse() with { RetryAfterSeconds = retryAfter };
            default:
                return null;
        }
    }

    /// <summary>What a fault left of the request.</summary>
    /// <param name="Response">The answer that takes the right one's place; null for none.</param>
    private sealed record Strike(ArmResponse? Response);
}
