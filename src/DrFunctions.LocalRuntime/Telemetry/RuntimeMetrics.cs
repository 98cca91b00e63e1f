using System.Diagnostics.Metrics;

namespace DrFunctions.LocalRuntime.Telemetry;

/// <summary>
/// What the runtime measures (docs/telemetry.md). Attributes are names that the app's code gives, and a few words: never an instance
/// id, an address or a message.
/// </summary>
internal static class RuntimeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "DrFunctions.LocalRuntime";

    public const string FunctionName = "faas.name";
    public const string FunctionTrigger = "faas.trigger";
    public const string Hub = "durabletask.task_hub";
    public const string TaskName = "durabletask.task.name";
    public const string Outcome = "outcome";
    public const string ErrorType = "error.type";

    private static readonly Meter Meter = new(MeterName);

    // From a read of one blob to a restore of an hour and a half.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1800, 3600, 5400],
    };

    private static readonly InstrumentAdvice<long> Events = new()
    {
        HistogramBucketBoundaries = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000],
    };

    public static readonly Histogram<double> InvokeDuration = Duration("faas.invoke_duration", "How long an invocation took");
    public static readonly Counter<long> Invocations = Count("faas.invocations", "{invocation}", "Invocations that succeeded");
    public static readonly Counter<long> Errors = Count("faas.errors", "{error}", "Invocations that failed");
    public static readonly Counter<long> Timeouts = Count("faas.timeouts", "{timeout}", "Invocations that took longer than the function timeout");
    public static readonly UpDownCounter<long> ActiveInvocations = Level("faas.active_invocations", "{invocation}", "Invocations that run now");
    public static readonly Histogram<double> TimerLateness =
        Duration("faas.timer.lateness", "From the time a timer function was due to the time it was fired");

    public static readonly UpDownCounter<long> ActivitiesRunning = Level("durabletask.activities.running", "{activity}", "Activities that run now");
    public static readonly UpDownCounter<long> ActivitiesWaiting =
        Level("durabletask.activities.waiting", "{activity}", "Activities that wait because maxConcurrentActivityFunctions run");
    public static readonly Histogram<double> ActivityWait = Duration("durabletask.activity.wait", "How long an activity waited to run");
    public static readonly UpDownCounter<long> OrchestratorsRunning = Level("durabletask.orchestrators.running", "{orchestrator}", "Orchestrators at work now");
    public static readonly UpDownCounter<long> OrchestratorsWaiting =
        Level("durabletask.orchestrators.waiting", "{orchestrator}", "Orchestrators that wait because maxConcurrentOrchestratorFunctions are at work");
    public static readonly Counter<long> Orchestrations = Count("durabletask.orchestrations", "{orchestration}", "Executions that ended");
    public static readonly Histogram<double> TurnDuration = Duration("durabletask.turn.duration", "How long a turn took: the replay and what is new");
    public static readonly Histogram<long> HistorySize =
        Meter.CreateHistogram("durabletask.history.size", "{event}", "Events in the history after a turn", advice: Events);
    public static readonly Histogram<double> DurableTimerLateness =
        Duration("durabletask.timer.lateness", "From the time a durable timer was due to the time its orchestrator saw it");
    public static readonly Histogram<double> StoreDuration = Duration("durabletask.store.duration", "How long one call to the task hub's storage took");
    public static readonly UpDownCounter<long> HubsHeld = Level("durabletask.hub.held", "{hub}", "1 while this host holds the task hub");
    public static readonly Counter<long> HubTakeovers = Count("durabletask.hub.takeovers", "{takeover}", "How often this host took the task hub");
    public static readonly Counter<long> HubLosses = Count("durabletask.hub.losses", "{loss}", "How often another host took it from this one");

    private static Histogram<double> Duration(string name, string description) => Meter.CreateHistogram(name, "s", description, advice: Seconds);

    private static Counter<long> Count(string name, string unit, string description) => Meter.CreateCounter<long>(name, unit, description);

    private static UpDownCounter<long> Level(string name, string unit, string description) => Meter.CreateUpDownCounter<long>(name, unit, description);
}
