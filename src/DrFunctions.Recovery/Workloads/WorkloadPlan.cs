using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.HttpCalls;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Objectives.Impact;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Workloads;

/// <summary>A validated plan for one workload. Immutable; what the owner wrote is in <c>DrFunctions.Plans</c>.</summary>
public sealed record WorkloadPlan
{
    /// <summary>The workload's name: 1 to 40 of a-z, 0-9 and '-', beginning with a letter.</summary>
    public required string Workload { get; init; }

    /// <summary>RPO and RTO.</summary>
    public required RecoveryObjectives Objectives { get; init; }

    /// <summary>How much depends on the workload; null when the owner did not say.</summary>
    public WorkloadTier? Tier { get; init; }

    /// <summary>What its loss means to the business; null when the owner did not say.</summary>
    public ImpactPlan? Impact { get; init; }

    /// <summary>How the second region waits.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>The region that carries the workload at home.</summary>
    public required Region Primary { get; init; }

    /// <summary>The region that takes over.</summary>
    public required Region Secondary { get; init; }

    /// <summary>The data to keep, at least one.</summary>
    public required IReadOnlyList<DataStore> Stores { get; init; }

    /// <summary>When container stores are backed up; none when the plan has no such store.</summary>
    public required IReadOnlyList<BackupPolicy> Backups { get; init; }

    /// <summary>How users reach the workload.</summary>
    public required TrafficPlan Traffic { get; init; }

    /// <summary>Which alerts concern the workload and what must be true before one starts a run.</summary>
    public required IncidentPolicy Incidents { get; init; }

    /// <summary>The hosts that steps may call; none when the plan says nothing.</summary>
    public IReadOnlyList<AllowedHost> HttpHosts { get; init; } = [];

    /// <summary>Runbooks by name.</summary>
    public required IReadOnlyDictionary<string, Runbook> Runbooks { get; init; }

    /// <summary>When runbooks are drilled; none by default.</summary>
    public IReadOnlyList<DrillPolicy> Drills { get; init; } = [];

    /// <summary>
    /// The topic that is told of failed backups and restore tests and of late copies: the prefix of its app settings, as of a step of kind
    /// <c>notify</c>; null for none.
    /// </summary>
    public string? NotifyTopic { get; init; }

    /// <summary>Rules that came after the plan was applied and that it breaks: it could not be applied again. None by default.</summary>
    public IReadOnlyList<BrokenRule> BrokenRules { get; init; } = [];

    /// <summary>The region of a role.</summary>
    public Region RegionOf(RegionRole role) => role == RegionRole.Primary ? Primary : Secondary;

    /// <summary>Where a region's copy of the backups lives.</summary>
    /// <exception cref="InvalidOperationException">The plan has no store with containers, and no repository.</exception>
    public BlobContainer RepositoryIn(RegionRole role) => RegionOf(role).Repository
        ?? throw new InvalidOperationException($"The plan of '{Workload}' has no repository in {RegionOf(role).Name}: nothing of it is backed up.");

    /// <summary>
    /// Whether users are in both regions: by the strategy active-active before any run, and again once a run led users back to the
    /// region that they had left.
    /// </summary>
    public bool IsShared(WorkloadState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Strategy == Strategy.ActiveActive && (state.IsShared || state.RunId is null);
    }

    /// <summary>Whether users are in a region, as far as runs know.</summary>
    public bool HasUsersIn(RegionRole role, WorkloadState state) => IsShared(state) || state.Active == role;

    /// <summary>The store of that name, or null.</summary>
    public DataStore? StoreNamed(string name) => Stores.FirstOrDefault(store => store.Name == name);

    /// <summary>The stores that backups and restores can be of.</summary>
    public IEnumerable<ContainerStore> Containers => Stores.OfType<ContainerStore>();

    /// <summary>The blob container store of that name, or null.</summary>
    public ContainerStore? ContainerNamed(string name) => Containers.FirstOrDefault(store => store.Name == name);
}

/// <summary>A rule that a plan breaks which can be carried out all the same.</summary>
/// <param name="Path">The part of the plan, such as <c>runbooks.failback[4].shiftTraffic</c>.</param>
/// <param name="Message">What was found and what was expected.</param>
public sealed record BrokenRule(string Path, string Message);

/// <summary>Strategies from cheapest and slowest to dearest and fastest.</summary>
public enum Strategy
{
    /// <summary>Only backups exist in the second region.</summary>
    BackupOnly,

    /// <summary>Nothing runs there; it is deployed at failover.</summary>
    Cold,

    /// <summary>Deployed and stopped or scaled down.</summary>
    Warm,

    /// <summary>Running and up to date, without users.</summary>
    HotStandby,

    /// <summary>Both regions serve users.</summary>
    ActiveActive,
}

/// <summary>A region's role in the plan, at home; which one carries the workload now is <see cref="WorkloadState"/>.</summary>
public enum RegionRole
{
    /// <summary>Carries the workload at home.</summary>
    Primary,

    /// <summary>Takes over.</summary>
    Secondary,
}

/// <summary>What follows from a role.</summary>
public static class RegionRoles
{
    /// <summary>The role of the other region.</summary>
    public static RegionRole Other(this RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}

/// <summary>One region of a workload.</summary>
/// <param name="Name">Azure's name of the region, such as <c>westeurope</c>.</param>
/// <param name="WebApp">The App Service site (<c>Microsoft.Web/sites</c>) that serves the workload there.</param>
/// <param name="Health">What the control region probes: healthy when it answers 200 within the probe's timeout.</param>
/// <param name="Repository">Where the region's copy of the backups lives; null where the plan has no store that is backed up and names none.</param>
public sealed record Region(string Name, ResourceId WebApp, Uri Health, BlobContainer? Repository);

/// <summary>A blob container by the name of the app setting that says how to reach its account, never by a secret.</summary>
/// <param name="Connection">
/// The app setting that holds a connection string; or the prefix of <c>{Connection}__blobServiceUri</c> for identity.
/// </param>
/// <param name="Container">The container's name.</param>
public sealed record BlobContainer(string Connection, string Container);

/// <summary>When a store is backed up.</summary>
/// <param name="Name">Name in the plan, unique.</param>
/// <param name="Store">The store's name.</param>
/// <param name="Schedule">Five-field cron expression, read in <paramref name="TimeZone"/>.</param>
/// <param name="TimeZone">IANA time zone.</param>
public sealed record BackupPolicy(string Name, string Store, string Schedule, TimeZoneInfo TimeZone)
{
    /// <summary>How often a backup reads everything where the plan does not say.</summary>
    public static TimeSpan UsualFullEvery { get; } = TimeSpan.FromDays(7);

    /// <summary>What its backups rely on, between those that read everything.</summary>
    public BackupKind Kind { get; init; }

    /// <summary>The age of the last full backup at which the next one is full; 1 to 365 days.</summary>
    public TimeSpan FullEvery { get; init; } = UsualFullEvery;

    /// <summary>When it is tried whether its backups can be restored; null for never.</summary>
    public RestoreTestPolicy? RestoreTest { get; init; }

    /// <summary>Which of its restore points are kept; null for all.</summary>
    public RetentionPolicy? Retention { get; init; }
}

/// <summary>When restore points of a policy are restored to see that they can be: the newest, the oldest, and one drawn from a window.</summary>
/// <param name="Schedule">Five-field cron expression, read in <paramref name="TimeZone"/>.</param>
/// <param name="TimeZone">IANA time zone.</param>
/// <param name="Window">How far before the test the drawn one may be; 1 to 3650 days.</param>
public sealed record RestoreTestPolicy(string Schedule, TimeZoneInfo TimeZone, TimeSpan Window)
{
    /// <summary>The window where the plan does not say.</summary>
    public static TimeSpan UsualWindow { get; } = TimeSpan.FromDays(30);
}

/// <summary>What a backup relies on. Whatever it is, each restores on its own.</summary>
public enum BackupKind
{
    /// <summary>The last backup: what is unchanged since is not read.</summary>
    Incremental,

    /// <summary>The last full backup: what is unchanged since is not read.</summary>
    Differential,

    /// <summary>Nothing: everything is read.</summary>
    Full,
}

/// <summary>How users reach the workload.</summary>
/// <param name="Profile">The Traffic Manager profile.</param>
/// <param name="Check">What users open; its host is the name that DNS must answer with the new region's endpoint.</param>
/// <param name="PrimaryEndpoint">Name of the profile's endpoint for the primary region.</param>
/// <param name="SecondaryEndpoint">Name of the profile's endpoint for the secondary region.</param>
public sealed record TrafficPlan(ResourceId Profile, Uri Check, string PrimaryEndpoint, string SecondaryEndpoint)
{
    /// <summary>Profiles that the profile's endpoints lead to and that steps may write; none by default.</summary>
    public IReadOnlyList<NestedProfile> Nested { get; init; } = [];

    /// <summary>The endpoint of a role.</summary>
    public string EndpointOf(RegionRole role) => role == RegionRole.Primary ? PrimaryEndpoint : SecondaryEndpoint;

    /// <summary>Which profile a step writes, and its endpoints.</summary>
    /// <param name="nested">The name of one of <see cref="Nested"/>; null for the profile itself.</param>
    /// <exception cref="ArgumentException">There is no nested profile of that name.</exception>
    public TrafficRoute Route(string? nested) => nested is null ? new TrafficRoute(Profile, PrimaryEndpoint, SecondaryEndpoint)
        : Nested.FirstOrDefault(one => one.Name == nested)?.Route
        ?? throw new ArgumentException($"The plan has no nested profile '{nested}'.", nameof(nested));

    /// <inheritdoc/>
    public bool Equals(TrafficPlan? other) => other is not null
        && (Profile, Check, PrimaryEndpoint, SecondaryEndpoint) == (other.Profile, other.Check, other.PrimaryEndpoint, other.SecondaryEndpoint)
        && Nested.SequenceEqual(other.Nested);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Profile, Check, PrimaryEndpoint, SecondaryEndpoint, Nested.Count);
}

/// <summary>Where the workload is now. Written by runs, under the workload's lock.</summary>
/// <param name="Active">The role that carries the workload.</param>
/// <param name="Epoch">The fencing number of the run that made it so; 0 before any.</param>
/// <param name="RunId">That run, or null before any.</param>
public sealed record WorkloadState(RegionRole Active, long Epoch, string? RunId)
{
    /// <summary>
    /// True from just before users are moved until the move is seen: users may already be there. Whoever finds it so after the run
    /// finishes the move with another run, and restores nothing over what those users may have written.
    /// </summary>
    public bool Arriving { get; init; }

    /// <summary>
    /// True when a run led users back to a region while the other kept its own: <see cref="Active"/> is then only whose data is
    /// backed up. See <see cref="WorkloadPlan.IsShared"/>.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>A workload that was never failed over.</summary>
    public static WorkloadState AtHome { get; } = new(RegionRole.Primary, 0, null);
}
