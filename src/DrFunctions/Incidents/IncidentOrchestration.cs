using DrFunctions.Recovery.Incidents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Judges one workload's alerts until a run is started, a rule forbids it, or patience ends. Patience is durable: a host that dies
/// meanwhile goes on counting where it was. The dwell counts looks that found the conditions, and begins anew after a silence in
/// which nobody looked.
/// </summary>
public static class IncidentOrchestration
{
    public const string Name = "Incident";

    private const int LooksPerGeneration = 60;

    // From one look's end to the next one's: the pause, a probe that waits as long as a plan may say, and a cloud that answers late.
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(3);

    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(8, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(15)));

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<IncidentInput>() ?? throw new ArgumentException("An incident needs its input.", nameof(context));
        var (redSince, lastLook) = (input.RedSince, input.LastLook);
        for (var look = 0; look < LooksPerGeneration; look++)
        {
            // Every time: alerts that came since belong to the incident too.
            var incident = await context.CallActivityAsync<IncidentOutline?>(IncidentActivities.Open, input.Workload, Retry);
            if (incident is null)
            {
                return;
            }

            var now = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
            var seen = await context.CallActivityAsync<Assessment>(
                IncidentActivities.Assess, new IncidentLook(input.Workload, incident.IncidentId, redSince, lastLook), Retry);

            // From the end of the first look on.
            var after = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
            redSince = seen.ConditionsHold ? (after - lastLook > LongestSilence ? null : redSince) ?? after : null;
            lastLook = after;
            if (seen.Decision == Decision.Start)
            {
                await context.CallActivityAsync(IncidentActivities.Start, new IncidentLook(input.Workload, incident.IncidentId, redSince), Retry);
                (redSince, lastLook) = (null, null);
                continue; // Alerts that came while it was decided open the next one.
            }

            var until = seen.WorthUntil > incident.Until ? seen.WorthUntil : incident.Until;
            if (seen.Decision == Decision.Blocked || now >= until)
            {
                var outcome = seen.Decision == Decision.Blocked ? $"blocked: {seen.Reason}" : $"patience ended: {seen.Reason}";
                await context.CallActivityAsync(
                    IncidentActivities.Close, new IncidentEnd(input.Workload, incident.IncidentId, outcome, seen.ActiveRun), Retry);
                (redSince, lastLook) = (null, null);
                continue;
            }

            await context.CreateTimer(context.CurrentUtcDateTime + Pause(incident.DwellSeconds), CancellationToken.None);
        }

        context.ContinueAsNew(input with { RedSince = redSince, LastLook = lastLook });
    }

    // Five looks in a dwell, no oftener than every second and no rarer than every ten.
    private static TimeSpan Pause(double dwellSeconds) => TimeSpan.FromSeconds(Math.Clamp(dwellSeconds / 5, 1, 10));
}

/// <summary>Which workload, and what the generation before knew.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="RedSince">Since when the conditions have held at every look.</param>
/// <param name="LastLook">When the last look ended.</param>
public sealed record IncidentInput(string Workload, DateTimeOffset? RedSince, DateTimeOffset? LastLook = null);

/// <summary>Which incident to look at.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="IncidentId">The incident.</param>
/// <param name="RedSince">Since when the conditions have held at every look.</param>
/// <param name="LastLook">When the last look ended.</param>
public sealed record IncidentLook(string Workload, string IncidentId, DateTimeOffset? RedSince, DateTimeOffset? LastLook = null);

/// <summary>How an incident ends without a run.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="IncidentId">The incident.</param>
/// <param name="Outcome">Why.</param>
/// <param name="ActiveRun">The run that was active, or null.</param>
public sealed record IncidentEnd(string Workload, string IncidentId, string Outcome, string? ActiveRun);
