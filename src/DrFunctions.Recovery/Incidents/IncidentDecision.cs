using System.Globalization;
using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.Incidents;

/// <summary>The decision of an incident. Pure.</summary>
public static class IncidentDecision
{
    /// <summary>
    /// Decides: a run starts when an alert has fired <em>and</em> the control region's own probe finds the primary dead
    /// <em>and</em> the standby is ready, all of it for the policy's dwell without a break; never while another run is active,
    /// while the last one cools down, or when the primary does not carry the workload.
    /// </summary>
    public static Verdict Decide(IncidentPolicy policy, IncidentFacts facts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(facts);

        Rule[] blocking =
        [
            new("activeInPrimary", facts.ActiveInPrimary, facts.ActiveInPrimary ? "primary" : "secondary", "primary"),
            new("noActiveRun", facts.ActiveRun is null, facts.ActiveRun ?? "none", "none"),
        ];
        var cooldown = Cooldown(policy, facts);
        Rule[] conditions =
        [
            new("alert", facts.Alerts > 0, $"{facts.Alerts} fired", "at least 1 fired"),
            new(
                "primaryProbe",
                facts.Primary == ProbeFinding.Dead,
                facts.Primary == ProbeFinding.Unknown ? $"cannot tell: {facts.PrimaryDetail}" : facts.PrimaryDetail,
                "asked, and no healthy answer"),
            .. facts.Standby.Select(check => new Rule($"standby.{check.Name}", check.Ready, check.Detail, "ready")),

            // A standby that nobody looked at is not a green one.
            .. facts.Standby.Count > 0 ? Array.Empty<Rule>() : [new Rule("standby", false, "nothing was looked at", "at least 1 check")],
        ];

        var hold = conditions.All(rule => rule.Passed);
        var dwelt = hold && facts.RedSince is { } since ? facts.Now - since : TimeSpan.Zero;
        Rule dwell = new("dwell", hold && dwelt >= policy.Dwell, Words(dwelt), $"at least {Words(policy.Dwell)}");

        var decision = blocking.Any(rule => !rule.Passed) ? Decision.Blocked
            : hold && dwell.Passed && cooldown.Passed ? Decision.Start
            : Decision.Wait;
        return new Verdict(decision, [.. blocking, cooldown, .. conditions, dwell], hold);
    }

    private static Rule Cooldown(IncidentPolicy policy, IncidentFacts facts)
    {
        if (facts.LastRunEnded is not { } ended)
        {
            return new Rule("cooldown", true, "no run before", $"at least {Words(policy.Cooldown)}");
        }

        var passed = facts.Now - ended;
        return new Rule("cooldown", passed >= policy.Cooldown, $"{Words(passed)} since the last run", $"at least {Words(policy.Cooldown)}");
    }

    private static string Words(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
