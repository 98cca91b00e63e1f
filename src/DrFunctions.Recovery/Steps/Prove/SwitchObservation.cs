using System.Globalization;
using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.Steps.Prove;

/// <summary>When each resolver was first seen to lead users to the region; a document, so that no look is forgotten.</summary>
/// <param name="Schema">1.</param>
/// <param name="Since">When users were moved: what switch times count from.</param>
/// <param name="ChangedAt">When a resolver was first seen to have changed; null where it was asked and has not, or does not answer.</param>
internal sealed record SwitchObservation(int Schema, DateTimeOffset Since, IReadOnlyDictionary<string, DateTimeOffset?> ChangedAt)
{
    /// <summary>Adds a look. A resolver that answers otherwise again has not changed.</summary>
    public SwitchObservation With(IReadOnlyList<ResolverAnswer> answers, IReadOnlyList<string> targets, DateTimeOffset now)
    {
        var changed = answers.ToDictionary(
            answer => answer.Resolver,
            answer => !LeadsTo(answer, targets)
                ? answer.Failure is null ? null : ChangedAt.GetValueOrDefault(answer.Resolver)
                : ChangedAt.GetValueOrDefault(answer.Resolver) ?? now,
            StringComparer.Ordinal);
        return IsSame(changed) ? this : this with { ChangedAt = changed };
    }

    /// <summary>Resolvers that were not seen to have changed.</summary>
    public IEnumerable<string> Unchanged => ChangedAt.Where(one => one.Value is null).Select(one => one.Key);

    /// <summary>
    /// The facts of the proof: after how many seconds the first and the last resolver led to the region. The last is not there when
    /// a resolver never answered: then it is unknown.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> Facts()
    {
        var seen = ChangedAt.Values.OfType<DateTimeOffset>().ToList();
        yield return new("resolvers", ChangedAt.Count.ToString(CultureInfo.InvariantCulture));
        if (seen.Count > 0)
        {
            yield return new("firstSwitchSeconds", Seconds(seen.Min()));
        }

        if (Unchanged.Any())
        {
            yield return new("silentResolvers", string.Join(", ", Unchanged));
        }
        else if (seen.Count > 0)
        {
            yield return new("lastSwitchSeconds", Seconds(seen.Max()));
        }
    }

    /// <summary>Whether an answer leads to one of some host names.</summary>
    public static bool LeadsTo(ResolverAnswer answer, IReadOnlyList<string> targets) =>
        answer.Names.Any(name => targets.Contains(name, StringComparer.OrdinalIgnoreCase));

    // The clocks of two processes may disagree; a switch before the move is one at once.
    private string Seconds(DateTimeOffset at) => Runs.RunFacts.Number(at > Since ? at - Since : TimeSpan.Zero);

    private bool IsSame(Dictionary<string, DateTimeOffset?> changed) =>
        changed.Count == ChangedAt.Count && changed.All(one => ChangedAt.TryGetValue(one.Key, out var at) && at == one.Value);
}
