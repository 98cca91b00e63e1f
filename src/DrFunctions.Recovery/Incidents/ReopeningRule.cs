using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Signals;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// Why an incident that closed should be looked into again while its primary is seen lost: something must have changed since, so that one
/// cause is one incident. Pure.
/// </summary>
internal static class ReopeningRule
{
    /// <summary>The reason in words; null when nothing has changed, or a run could not start anyway.</summary>
    /// <param name="last">The closed incident.</param>
    /// <param name="policy">The plan's policy.</param>
    /// <param name="wasSeenWell">Whether a sample since it closed found the primary well.</param>
    /// <param name="isDeclined">Whether a person declined it.</param>
    /// <param name="facts">What is seen now, as if an incident were open.</param>
    public static string? Decide(IncidentRecord last, IncidentPolicy policy, bool wasSeenWell, bool isDeclined, IncidentFacts facts)
    {
        if (!facts.ActiveInPrimary || facts.ActiveRun is not null || last.ClosedAt is not { } closed)
        {
            return null;
        }

        if (isDeclined)
        {
            // A person's word about this loss. Another loss is another question, though not a minute later.
            return wasSeenWell && facts.Now - closed >= policy.Cooldown ? "the primary was well since it was declined, and is lost" : null;
        }

        if (wasSeenWell)
        {
            return "the primary was well since, and is lost";
        }

        if (facts.LastRun is { } run && (run.EndedAt > closed || run.RunId == last.RunId))
        {
            // It waits for the cooldown's end or for who acknowledges the run, where a person can see it and decline.
            return $"the run {run.RunId} ended, and the primary is lost";
        }

        var passes = IncidentDecision.Decide(policy, facts).Rules.Where(rule => rule.Passed).Select(rule => rule.Name).ToHashSet(StringComparer.Ordinal);
        return last.Verdict?.Rules.FirstOrDefault(rule => !rule.Passed && rule.Name != IncidentDecision.Dwell && passes.Contains(rule.Name)) is { } mended
            ? $"{mended.Name} passes now"
            : null;
    }

    /// <summary>Whether a sample after the incident closed found the primary well.</summary>
    public static bool WasSeenWell(IncidentRecord last, IncidentPolicy policy, IEnumerable<LagSample> samples, bool alertStands) =>
        samples.Any(sample => sample.At > last.ClosedAt && SampledVantages.Judge(policy, sample, alertStands) == VantageFinding.Green);
}
