namespace DrFunctions.Backup.Retention;

/// <summary>Whose restore points rules are for.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Workload">One workload; null (default): all.</param>
/// <param name="Policy">One policy; null (default): all.</param>
public sealed record RetentionScope(RetentionRules Rules, string? Workload = null, string? Policy = null)
{
    /// <summary>Whether the rules are for this snapshot.</summary>
    public bool Has(Snapshot snapshot) => (Workload is null || Workload == snapshot.Workload) && (Policy is null || Policy == snapshot.Policy);
}
