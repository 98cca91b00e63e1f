namespace DrFunctions.Cloud.Documents;

/// <summary>Which documents also exist in the mirror: those marked ² in docs/design.md, section 6.</summary>
public static class MirroredKeys
{
    /// <summary>
    /// True for plans, workload states, locks, the journal and the anchor of each run, what restore tests showed, and what people decided:
    /// about runs, about incidents, and that a run was seen to.
    /// </summary>
    public static bool Contains(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Below("plans/") || Below("workloads/") || Below("locks/") || Below("restoretests/") || IsWord(key)
            || (Below("runs/") && key.Split('/') is [_, _, "journal", ..] or [_, _, "anchor"]);

        bool Below(string prefix) => key.StartsWith(prefix, StringComparison.Ordinal);
    }

    /// <summary>
    /// True for mirrored documents that are created and never changed: what the mirror holds of them stays, whatever control says
    /// later, so that who can write to one region only cannot rewrite what both remember.
    /// </summary>
    public static bool NeverChanges(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Split('/') is ["plans", _, "versions", ..] or ["runs", _, "journal", ..] or ["runs", _, "anchor"] or ["restoretests", ..] || IsWord(key);
    }

    /// <summary>
    /// The series that a document belongs to: a run's journal and anchor, as <c>runs/{id}</c>; null for all others. A series is created one
    /// after the other and never changed; after its last document, the anchor, none of it is created any more.
    /// </summary>
    public static string? SeriesOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Split('/') is ["runs", _, "journal", _] or ["runs", _, "anchor"] ? key[..key.IndexOf('/', "runs/".Length)] : null;
    }

    /// <summary>Whether a name is a series'.</summary>
    public static bool IsSeries(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split('/') is ["runs", _];
    }

    /// <summary>The last document of a series.</summary>
    public static string LastOf(string series) => $"{series}/anchor";

    // A person's word: created once, and kept as long as anything is.
    private static bool IsWord(string key) =>
        key.Split('/') is ["runs", _, "decisions", _, ..] or ["incidents", _, _, "decisions", _, ..] or ["acknowledgements", _, _, ..];
}
