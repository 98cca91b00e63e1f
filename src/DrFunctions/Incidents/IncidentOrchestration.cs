using DrFunctions.Recovery.Incidents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Judges one workload's alerts until a run is started, a rule forbids it, or patience ends. Patience is durable: a host that dies
/// meanwhile goes on counting where it was. The dwell counts looks that found the conditions, and begins anew after a silence in
/// which nobody looked; while it counts, patience does not end. All times are this orchestration's own: hosts' clocks differ.
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
        var (redSince, lastLook, waiting) = (input.RedSince, input.LastLook, input.Waiting);
        for (var look = 0; look < LooksPerGeneration; look++)
        {
            // Every time: alerts that came since belong to the incident too.
            var open = input.IsNew && look == 0 ? IncidentActivities.Begin : IncidentActivities.Open;
            var incident = await context.CallActivityAsync<IncidentOutline?>(open, input.Workload, Retry);
            if (incident is null)
            {
                return;
            }

            var now = Now(context);
            waiting = Since(waiting, incident, now);

            // Another host's clock may be earlier, and then nobody knows how long it was.
            redSince = now - lastLook > LongestSilence || now < lastLook ? null : redSince;
            var seen = await context.CallActivityAsync<Assessment>(
                IncidentActivities.Assess,
                new IncidentLook(input.Workload, incident.IncidentId, redSince, lastLook) { HeldSeconds = (now - redSince)?.TotalSeconds },
                Retry);

            // From the end of the first look on. One that itself took too long saw something of which nobody knows when.
            var after = Now(context);
            var isStale = after - now > LongestSilence || after < now;
            redSince = seen.ConditionsHold ? (isStale ? null : redSince) ?? after : null;
            lastLook = after;
            if (seen.Decision == Decision.Start && !isStale)
            {
                await context.CallActivityAsync(IncidentActivities.Start, new IncidentLook(input.Workload, incident.IncidentId, redSince), Retry);
                (redSince, lastLook, waiting) = (null, null, null);
                continue; // Alerts that came while it was decided open the next one.
            }

            if (seen.Decision == Decision.Blocked || (seen.Decision == Decision.Wait && now >= Until(waiting, incident, seen, now) && !Dwells(redSince, incident, after)))
            {
                var outcome = seen.Decision == Decision.Blocked ? $"blocked: {seen.Reason}" : $"patience ended: {seen.Reason}";
                await context.CallActivityAsync(
                    IncidentActivities.Close, new IncidentEnd(input.Workload, incident.IncidentId, outcome, seen.ActiveRun), Retry);
                (redSince, lastLook, waiting) = (null, null, null);
                continue;
            }

            await context.CreateTimer(context.CurrentUtcDateTime + Pause(incident.DwellSeconds), CancellationToken.None);
        }

        context.ContinueAsNew(input with { IsNew = false, RedSince = redSince, LastLook = lastLook, Waiting = waiting });
    }

    private static DateTimeOffset Now(TaskOrchestrationContext context) => new(context.CurrentUtcDateTime, TimeSpan.Zero);

    // Hosts' clocks differ: activities say how long, and only this clock says when. While a run cools down nobody is impatient.
    private static IncidentWait Since(IncidentWait? waiting, IncidentOutline incident, DateTimeOffset now) =>
        incident.CalmSeconds > 0 || waiting?.IncidentId != incident.IncidentId
            ? new IncidentWait(incident.IncidentId, now + TimeSpan.FromSeconds(incident.CalmSeconds))
            : waiting;

    // Conditions that came, or came back after a silence, within the patience are given their dwell.
    private static bool Dwells(DateTimeOffset? redSince, IncidentOutline incident, DateTimeOffset now) =>
        redSince is { } since && now - since < TimeSpan.FromSeconds(incident.DwellSeconds);

    private static DateTimeOffset Until(IncidentWait waiting, IncidentOutline incident, Assessment seen, DateTimeOffset now)
    {
        // An outline that an older version left in the history has no more than a time.
        var patience = incident.PatienceSeconds > 0 ? waiting.From + TimeSpan.FromSeconds(incident.PatienceSeconds) : incident.Until;
        return seen.WorthSeconds is { } worth && now + TimeSpan.FromSeconds(worth) is var worthUntil && worthUntil > patience ? worthUntil : patience;
    }

    // Five looks in a dwell, no oftener than every second and no rarer than every ten.
    private static TimeSpan Pause(double dwellSeconds) => TimeSpan.FromSeconds(Math.Clamp(dwellSeconds / 5, 1, 10));
}

/// <summary>Which workload, and what the generation before knew.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="RedSince">Since when the conditions have held at every look.</param>
/// <param name="LastLook">When the last look ended.</param>
public sealed record IncidentInput(string Workload, DateTimeOffset? RedSince, DateTimeOffset? LastLook = null)
{
    /// <summary>Whether the first look is the orchestration's first; false in what versions before this one wrote.</summary>
    public bool IsNew { get; init; }

    /// <summary>Which incident is waited for, and since when; null before the first look.</summary>
    public IncidentWait? Waiting { get; init; }
}

/// <summary>Since when an incident is waited for, by the orchestration's clock.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="From">Its patience counts from here.</param>
public sealed record IncidentWait(string IncidentId, DateTimeOffset From);

/// <summary>Which incident to look at.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="IncidentId">The incident.</param>
/// <param name="RedSince">Since when the conditions have held at every look.</param>
/// <param name="LastLook">When the last look ended.</param>
public sealed record IncidentLook(string Workload, string IncidentId, DateTimeOffset? RedSince, DateTimeOffset? LastLook = null)
{
    /// <summary>How long the conditions have held at every look, in seconds; null when they have not.</summary>
    public double? HeldSeconds { get; init; }
}

/// <summary>How an incident ends without a run.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="IncidentId">The incident.</param>
/// <param name="Outcome">Why.</param>
/// <param name="ActiveRun">The run that was active, or null.</param>
public sealed record IncidentEnd(string Workload, string IncidentId, string Outcome, string? ActiveRun);
