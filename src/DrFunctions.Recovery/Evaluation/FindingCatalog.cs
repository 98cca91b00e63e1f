namespace DrFunctions.Recovery.Evaluation;

/// <summary>
/// Every code that a finding can have, beside <c>DR-STEP-</c> and the code of a step's precheck. docs/findings.md is made from it, and a test
/// holds it to what the rules say.
/// </summary>
public static class FindingCatalog
{
    /// <summary>By area, then by code.</summary>
    public static IReadOnlyList<FindingKind> All { get; } =
    [
        new(
            "DR-SEE-001", "unknown", "A look was not answered: Resource Manager, storage or DNS was silent or refused.",
            "Read the reason; evaluate again when it answers."),
        new(
            "DR-PLAN-001", "error", "The applied plan breaks a rule that came with a newer version of the app; it is carried out as it is.",
            "Correct the plan and apply it: `dr plan check` tells all mistakes."),
        new(
            "DR-PERM-001", "error", "The app's identity lacks rights that the plan's runbooks need on a resource.",
            "Assign the roles that `dr plan roles` writes."),
        new(
            "DR-PERM-002", "unknown", "It could not be seen what the app's identity may do on a resource.",
            "Give the identity `Microsoft.Authorization/permissions/read` there, which the role Reader has."),
        new(
            "DR-RES-001", "error", "A region's web app does not exist.",
            "Deploy it, or correct the plan's `webApp`."),
        new(
            "DR-RES-002", "error", "A web app is in another region than the plan says.",
            "Correct the plan, or move the web app: one region's loss would take both."),
        new(
            "DR-RES-003", "warning", "The web apps of the two regions are of different kinds, such as Windows and Linux.",
            "Deploy both from one template."),
        new(
            "DR-RES-004", "warning", "The App Service plans of the two regions differ in size.",
            "Scale the standby up, or have the runbook do it before it moves users."),
        new(
            "DR-RES-005", "error or warning", "A web app that should run is stopped.",
            "Start it, or find out who stopped it."),
        new(
            "DR-RES-006", "unknown", "Resource Manager did not say a web app's region or state.",
            "Read it in the portal."),
        new(
            "DR-RES-007", "error", "An App Service plan is of a tier that Traffic Manager leads nobody to.",
            "Scale it up to Standard or above."),
        new(
            "DR-RES-008", "warning", "The web apps of the two regions are set differently, such as in runtime, TLS or `alwaysOn`.",
            "Deploy both from one template."),
        new(
            "DR-TM-001", "error", "The Traffic Manager profile is disabled: its name does not resolve.",
            "Enable the profile."),
        new(
            "DR-TM-002", "error", "The profile lacks an endpoint that the plan names.",
            "Create it, or correct `traffic.endpoints`."),
        new(
            "DR-TM-003", "warning", "The profile has an endpoint that is not the plan's.",
            "Remove it if users must not be led there."),
        new(
            "DR-TM-004", "error", "An endpoint leads elsewhere than to its region's web app.",
            "Correct the endpoint's target, or the plan's region."),
        new(
            "DR-TM-005", "warning", "The standby's endpoint is disabled.",
            "Enable it, unless only runs may move users."),
        new(
            "DR-TM-006", "error", "The endpoint of a region that has users is disabled.",
            "Enable it, or find out who disabled it."),
        new(
            "DR-TM-007", "error", "Another endpoint comes before the one that carries the workload.",
            "Correct the priorities, or run the runbook that moves the workload."),
        new(
            "DR-TM-008", "error", "A nested profile of the plan is not behind the plan's profile, or lacks one of its endpoints.",
            "Correct `traffic.nested`, or the profiles."),
        new(
            "DR-TM-010", "error", "A geographic endpoint is a single target: its users are led to it when it is dead.",
            "Put a nested profile between, with the other region as its second endpoint."),
        new(
            "DR-TM-011", "unknown", "The nested profile of a geographic endpoint could not be read.",
            "Look at whether it exists, and at the app's permissions on it."),
        new(
            "DR-TM-012", "error", "The nested profile of a geographic endpoint has fewer than two enabled endpoints.",
            "Add the other region's endpoint, and enable it."),
        new(
            "DR-TM-013", "error", "`WORLD` is mapped to no enabled endpoint: users from places that nobody mapped get no answer.",
            "Map `WORLD`."),
        new(
            "DR-TM-014", "unknown", "A nested profile could not be read.",
            "Look at whether it exists, and at the app's permissions on it."),
        new(
            "DR-TM-015", "error", "A nested profile is disabled.",
            "Enable it."),
        new(
            "DR-TM-016", "error", "`minChildEndpoints` asks for more endpoints than the nested profile has enabled.",
            "Lower it, or enable more endpoints."),
        new(
            "DR-TM-017", "warning", "`minChildEndpoints` is above 1 for a profile by priority, which is then left too early.",
            "Set it to 1."),
        new(
            "DR-TM-020", "unknown", "The service did not say how it probes.",
            "Read the profile with az."),
        new(
            "DR-TM-021", "warning", "No failed probe is tolerated: one lost packet takes a region out.",
            "Tolerate 1 or more, with an interval of 10 s where it must be fast."),
        new(
            "DR-TM-022", "error", "Probes and DNS caches alone take longer than the RTO.",
            "Shorten time to live, interval or tolerated failures, or lengthen the RTO."),
        new(
            "DR-TM-023", "warning", "Probes and DNS caches take more than half of the RTO.",
            "Shorten time to live, interval or tolerated failures."),
        new(
            "DR-TM-024", "warning", "The profile probes another path than the plan's health address.",
            "Probe the plan's path, so that both have one opinion."),
        new(
            "DR-TM-025", "warning", "The profile probes by TCP, which an app answers that cannot serve.",
            "Probe by HTTPS."),
        new(
            "DR-TM-026", "warning", "An endpoint is served without being probed.",
            "Disable `alwaysServe`, unless only runs may move users."),
        new(
            "DR-TM-030", "error", "Every endpoint that can be served is Degraded: users are led to them as if all were healthy.",
            "Look at what the profile probes; a wrong path looks like this, too."),
        new(
            "DR-TM-031", "error", "The endpoint that carries the workload is Degraded.",
            "Look at the region's health, and at what the profile probes."),
        new(
            "DR-TM-032", "unknown", "An endpoint has not been probed yet, or its state is not known.",
            "Evaluate again when it was."),
        new(
            "DR-TM-040", "unknown", "The weight of an endpoint is not known.",
            "Set it."),
        new(
            "DR-TM-041", "error", "Users are shared by weight between regions, and the strategy is not active-active.",
            "Disable the standby's endpoint, route by priority, or finish or undo the ramp that left it so."),
        new(
            "DR-TM-042", "warning", "The weights of the endpoints differ.",
            "Finish the ramp, or set the weights that are meant."),
        new(
            "DR-DATA-001", "unknown", "It is not known to which time the workload could be restored.",
            "Look at the backups with `dr backup list`."),
        new(
            "DR-DATA-002", "error", "The newest restore point that both regions hold is older than the RPO.",
            "Look at the backups with `dr backup list`."),
        new(
            "DR-DATA-003", "warning", "The newest restore point that both regions hold is nearly as old as the RPO.",
            "Look at the backups with `dr backup list`."),
        new(
            "DR-DATA-004", "warning", "The last backup of a policy failed.",
            "Correct what the reason says; it is tried again by itself."),
        new(
            "DR-DATA-005", "error", "The last restore test of a policy failed: its backups cannot be relied on, or take longer to restore than the RTO.",
            "Correct what the reason says; check the copy with `dr backup check`, and heal it from the other region's."),
        new(
            "DR-DATA-006", "unknown", "The last restore test of a policy could not be done, or its evidence was changed.",
            "Correct what the reason says; a test that could not be done is tried again by itself."),
        new(
            "DR-DATA-007", "warning", "A restore test that was due has not begun, or not ended within a day.",
            "Let the run end that has the workload, and look at the app's log."),
        new(
            "DR-DATA-008", "warning", "The last prune failed in a region, could remove nothing there or was refused by the storage, or the next one is late.",
            "Read the reason with `dr backup status`; `docs/operations.md` has what each means."),
        new(
            "DR-DATA-009", "error", "The repository of the backups was never made, or nothing that the app was given opens it: no backup is taken.",
            "Make it with `dr backup init`, or correct `Dr__RepositoryKeys` and `Dr__RepositoryPassphrase`."),
        new(
            "DR-DATA-010", "unknown", "It is not known whether the app can open the repository of the backups: it does not answer, or the vault of its key.",
            "Evaluate again; look at the region's health where it lasts."),
        new(
            "DR-REPL-001", "error", "What should follow in the other region does not exist, or does not follow.",
            "Set the replication up again, or correct the plan."),
        new(
            "DR-REPL-002", "error", "The replication is broken, suspended or unavailable.",
            "Repair or re-create the replica before it is needed."),
        new(
            "DR-REPL-003", "warning", "The replication is being made, or catches up.",
            "Wait; a failover now would lose what has not arrived."),
        new(
            "DR-REPL-004", "unknown", "The service did not say how the replication is doing.",
            "Look at it in the portal, and evaluate again."),
        new(
            "DR-DRILL-001", "warning", "No drill of the plan has completed.",
            "Start a drill, or give the plan a `drills` section."),
        new(
            "DR-DRILL-002", "warning", "The plan was changed since the last drill that completed.",
            "Drill the plan as it is now."),
        new(
            "DR-DRILL-003", "error", "The last drill of a runbook did not complete.",
            "Read the run's report, correct what it says, and drill again."),
        new(
            "DR-DRILL-004", "warning", "A drill that was due has not begun.",
            "Start it by hand, or let the run end that has the workload."),
    ];
}
