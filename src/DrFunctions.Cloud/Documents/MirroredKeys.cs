namespace DrFunctions.Cloud.Documents;

/// <summary>Which documents also exist in the mirror: those marked ² in docs/design.md, section 6.</summary>
public static class MirroredKeys
{
    /// <summary>True for plans, workload states, locks, and the journal of each run.</summary>
    public static bool Contains(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Below("plans/") || Below("workloads/") || Below("locks/")
            || (Below("runs/") && key.Split('/') is [_, _, "journal", ..]);

        bool Below(string prefix) => key.StartsWith(prefix, StringComparison.Ordinal);
    }
}
