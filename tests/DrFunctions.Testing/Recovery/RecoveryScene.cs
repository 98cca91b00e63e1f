using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>
/// The recovery core over fakes of everything outside: a workload that runs in its primary region, with a stopped standby that
/// has a snapshot one minute old. The core remembers only what never changes; see <see cref="Restart"/>.
/// </summary>
public sealed class RecoveryScene
{
    public RecoveryScene(WorkloadPlan? plan = null)
    {
        Plan = plan ?? Builders.APlan().Build();
        Documents = new InterceptedDocumentStore(Interception);
        WebApps = new FakeWebApps(Interception, Effects)
        {
            States = { [Plan.Primary.WebApp] = "Running", [Plan.Secondary.WebApp] = "Stopped" },
        };
        Traffic = new FakeTrafficManager(Interception, Effects, new TrafficProfile(
            Plan.Traffic.Profile,
            "Priority",
            "Online",
            Plan.Traffic.Check.Host,
            TimeSpan.FromSeconds(10),
            [
                new TrafficEndpoint(Plan.Traffic.PrimaryEndpoint, Plan.Primary.Health.Host, true, 1, "Online"),
                new TrafficEndpoint(Plan.Traffic.SecondaryEndpoint, Plan.Secondary.Health.Host, true, 2, "Degraded"),
            ]));
        Probe = new FakeOutsideProbe(Interception, Plan, Traffic, WebApps);
        Restore = new FakeStoreRestore(Interception, Effects);
        foreach (var store in Plan.Containers)
        {
            Restore.Snapshots[store.Name] = [new RestorePoint($"{store.Name}-0001", MovableClock.Start - TimeSpan.FromMinutes(1))];
        }

        Azure = new FakeAzure(Interception, Effects, Clock);
        Leases = new FakeWriteLeases(Interception, Effects);
        Plans = new FakePlanSource(Interception);
        Plans.Apply(Plan);
        Scheduler = new FakeRunScheduler(Interception);
        Locks = new WorkloadLocks(Documents, Clock);
        States = new WorkloadStates(Documents);
        Journal = new RunJournal(Documents);
        Decisions = new DecisionLog(Documents);
        Notes = new StepNotes(Documents);
        Topic = new FakeEventTopic(Interception, Effects);
        Calls = new FakeHttpCalls(Interception, Effects);
        Signals = new SignalLog(Documents);
        Incidents = new IncidentLog(Documents, Signals, States, Clock);
        Lag = new FakeLagSource(Interception);
        History = new LagHistory(Documents);
        Opinions = new IncidentOpinions(Documents, Clock);
        Replication = new FakeLagSource(Interception) { Basis = LagBasis.PostgresReplication };
        Sampler = new LagSampler([Lag, Replication], History, States, Probe, Traffic, Clock);
        var sight = new IncidentSight(Locks, States, Opinions, Sampler, Probe, WebApps, Restore, Traffic, Clock);
        Endings = new IncidentEndings(Documents);
        Desk = new IncidentDesk(Incidents, Endings, Plans, Locks, States, Opinions, sight);
        Watch = new PrimaryWatch(Sampler, History, Signals, new IncidentReopening(Incidents, Opinions, Locks, sight));
        Starts = new RunStarts(Locks, States, Plans, Scheduler);
        Execution = AnotherProcess();
    }

    public WorkloadPlan Plan { get; }

    public Interception Interception { get; } = new();

    /// <summary>What changed outside, in order; a repetition that changed nothing is not there.</summary>
    public List<string> Effects { get; } = [];

    public MovableClock Clock { get; } = new();

    public IDocumentStore Documents { get; }

    public FakeWebApps WebApps { get; }

    public FakeTrafficManager Traffic { get; }

    public FakeOutsideProbe Probe { get; }

    public FakeStoreRestore Restore { get; }

    public FakeAzure Azure { get; }

    public FakeWriteLeases Leases { get; }

    public FakePlanSource Plans { get; }

    public FakeRunScheduler Scheduler { get; }

    public WorkloadLocks Locks { get; }

    public WorkloadStates States { get; }

    /// <summary>Who starts and cancels runs by hand.</summary>
    public static CallerIdentity Ops { get; } = new("ops", CallerRole.Operator, CallerAuthentication.PersonalKey);

    public RunJournal Journal { get; }

    public DecisionLog Decisions { get; }

    public StepNotes Notes { get; }

    public FakeEventTopic Topic { get; }

    public FakeHttpCalls Calls { get; }

    public SignalLog Signals { get; }

    public IncidentLog Incidents { get; }

    public FakeLagSource Lag { get; }

    /// <summary>How far PostgreSQL's replication is.</summary>
    public FakeLagSource Replication { get; }

    public LagHistory History { get; }

    public LagSampler Sampler { get; }

    public IncidentOpinions Opinions { get; }

    public IncidentEndings Endings { get; }

    public IncidentDesk Desk { get; }

    public PrimaryWatch Watch { get; }

    public RunStarts Starts { get; }

    public RunExecution Execution { get; private set; }

    public RunPreview Preview => new(Locks, States, Runners(), Clock);

    /// <summary>The same app in a process that remembers nothing.</summary>
    /// <param name="authority">Whether that app took over from another one; null for an app alone.</param>
    public RunExecution AnotherProcess(ControlAuthority? authority = null)
    {
        var journal = new RunJournal(Documents);
        return new RunExecution(Locks, Plans, journal, Runners(journal), Clock, authority);
    }

    /// <summary>The runners of all step kinds over this scene's fakes.</summary>
    public IReadOnlyList<StepRunner> Runners() => Runners(Journal);

    private IReadOnlyList<StepRunner> Runners(RunJournal journal) => StepRunners.Of(
        WebApps, Traffic, Probe, Restore, States, Decisions, Notes, Topic, Calls, Documents, journal, Clock, Azure, Leases, new OperationFollower(Documents, Azure, Clock),
        new ProfileClaims(Documents, Locks), Sampler, new FakeStoreBackup(Interception, Effects, Restore, Clock));

    /// <summary>The process died, and another one is there: nothing is scheduled, nothing is remembered.</summary>
    public void Restart()
    {
        Scheduler.Executing.Clear();
        Execution = AnotherProcess();
    }

    /// <summary>A request to fail over.</summary>
    public RunRequest Request(
        string runId = "shop-run-1", string runbook = "failover", string version = "v1", RunMode mode = RunMode.Unplanned) => new(
        runId, Plan.Workload, runbook, mode, version, Ops, "the region is lost", MovableClock.Start, null);
}
