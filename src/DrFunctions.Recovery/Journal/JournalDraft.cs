namespace DrFunctions.Recovery.Journal;

/// <summary>An entry before it has a place in the chain.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Step">The step's index, or null for the run as a whole.</param>
/// <param name="Facts">What is known about it, by name; never a secret.</param>
public sealed record JournalDraft(JournalKind Kind, int? Step, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>A draft with these facts; those without a value are left out.</summary>
    public static JournalDraft Of(JournalKind kind, int? step, params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var all = new Dictionary<string, string>();
        foreach (var (name, value) in facts)
        {
            if (value is not null)
            {
                all[name] = value;
            }
        }

        return new JournalDraft(kind, step, all);
    }

    /// <summary>The same with more facts; one of the same name is replaced.</summary>
    public JournalDraft With(IReadOnlyDictionary<string, string> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var all = new Dictionary<string, string>(Facts);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return this with { Facts = all };
    }
}
