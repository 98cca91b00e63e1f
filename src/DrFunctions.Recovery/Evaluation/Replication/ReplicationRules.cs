namespace DrFunctions.Recovery.Evaluation.Replication;

/// <summary>What would take over follows, and is not far behind: DR-REPL-001 to 004. Pure.</summary>
public static class ReplicationRules
{
    private static readonly HashSet<string> s_well = new(StringComparer.OrdinalIgnoreCase) { "Active", "CATCH_UP", "Live" };

    private static readonly HashSet<string> s_broken = new(StringComparer.OrdinalIgnoreCase) { "Broken", "SUSPENDED", "Unavailable" };

    private static readonly HashSet<string> s_coming = new(StringComparer.OrdinalIgnoreCase)
    {
        "Catchup", "Provisioning", "Updating", "Reconfiguring", "PENDING", "SEEDING", "Bootstrap",
    };

    /// <summary>What is wrong, at most one finding for each.</summary>
    public static IReadOnlyList<Finding> Check(IEnumerable<ReplicationView> views)
    {
        ArgumentNullException.ThrowIfNull(views);
        return [.. views.Select(Check).OfType<Finding>()];
    }

    private static Finding? Check(ReplicationView view)
    {
        var id = view.Resource.Value;
        return view switch
        {
            { Exists: false } => new Finding(
                "DR-REPL-001", FindingSeverity.Error, id, $"{view.What} does not exist", $"{view.What} that a runbook would promote",
                "Create it, or correct the plan."),
            { Elsewhere: { } elsewhere } => new Finding(
                "DR-REPL-001", FindingSeverity.Error, id, $"{view.What} {elsewhere}", "one that follows the region that carries the workload",
                "Set the replication up again, or correct the plan."),
            { State: { } broken } when s_broken.Contains(broken) => new Finding(
                "DR-REPL-002", FindingSeverity.Error, id, $"the replication of {view.What} is {broken}", "a replication that runs",
                "Repair or re-create it; until then a failover loses what was written since."),
            { State: { } coming } when s_coming.Contains(coming) => new Finding(
                "DR-REPL-003", FindingSeverity.Warning, id, $"the replication of {view.What} is {coming}", "one that has caught up",
                "Wait, and evaluate again; a failover now loses what has not arrived."),
            { State: { } well } when s_well.Contains(well) => null,
            _ => new Finding(
                "DR-REPL-004", FindingSeverity.Unknown, id,
                string.IsNullOrEmpty(view.State) ? $"the service did not say how the replication of {view.What} is doing" : $"the replication of {view.What} is '{view.State}'",
                "a state that says that it follows", "Look at it in the portal, and evaluate again."),
        };
    }
}
