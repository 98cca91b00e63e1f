using DrFunctions.Testing.Recovery;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.App.Incidents;

/// <summary>Runs the orchestrator to its end: activities are called, timers move the clock.</summary>
internal sealed class VirtualOrchestration(RecoveryScene scene, Func<Task> meanwhile) : TaskOrchestrationContext
{
    private readonly IncidentActivities _activities = new(scene.Desk, scene.Clock);
    private object? _input;
    private bool _goesOn;
    private DateTime _now;

    /// <summary>How far the clock of the host that has the orchestration is from that of the host with the activities.</summary>
    public TimeSpan Skew { get; set; }

    public override TaskName Name => IncidentOrchestration.Name;

    public override string InstanceId => "incident-shop";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    private DateTime Now => (scene.Clock.GetUtcNow() + Skew).UtcDateTime;

    public async Task RunAsync(string workload)
    {
        (_input, _goesOn) = (new IncidentInput(workload, null) { IsNew = true }, true);
        while (_goesOn)
        {
            (_goesOn, _now) = (false, Now);
            await IncidentOrchestration.RunAsync(this);
        }
    }

    public override T? GetInput<T>()
        where T : default => (T?)_input;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        object? result = null;
        switch (name.Name)
        {
            case IncidentActivities.Begin:
                result = await _activities.BeginAsync((string)input!, default); // the orchestrator names the workload
                break;
            case IncidentActivities.Open:
                result = await _activities.OpenAsync((string)input!, default); // as above
                break;
            case IncidentActivities.Assess:
                result = await _activities.AssessAsync((IncidentLook)input!, default); // and always says where to look
                break;
            case IncidentActivities.Start:
                var look = (IncidentLook)input!; // as above
                await scene.Desk.StartAsync(look.Workload, look.IncidentId, scene.Scheduler, default);
                break;
            default:
                await _activities.CloseAsync((IncidentEnd)input!, default); // as above
                break;
        }

        _now = Now;
        return (TResult)result!; // null where the activity answers nothing
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        await meanwhile();
        var left = fireAt - _now;
        scene.Clock.Advance(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        _now = Now;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => (_input, _goesOn) = (newInput, true);

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override Guid NewGuid() => Guid.Empty;
}
