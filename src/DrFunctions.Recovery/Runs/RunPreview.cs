using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runs;

/// <summary>What a run would do if it were started now: no effect, nothing written.</summary>
public sealed class RunPreview(WorkloadLocks locks, WorkloadStates states, IEnumerable<StepRunner> runners, TimeProvider time)
{
    private readonly Dictionary<Type, StepRunner> runners = runners.ToDictionary(runner => runner.StepType);

    /// <summary>Shows the run; null when the plan has no such runbook.</summary>
    public async Task<RunPreviewView?> OfAsync(WorkloadPlan plan, RunRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(request);
        if (!plan.Runbooks.TryGetValue(request.Runbook, out var runbook))
        {
            return null;
        }

        var held = await locks.ReadAsync(request.Workload, cancellationToken);
        var steps = new List<StepPreviewView>();
        for (var index = 0; index < runbook.Steps.Count; index++)
        {
            steps.Add(await OfAsync(plan, request, runbook.Steps[index], index, cancellationToken));
        }

        var groups = steps.GroupBy(step => step.Group is { } group ? $"group {group}" : $"step {step.Index}");
        return new RunPreviewView(
            request.Workload,
            request.Runbook,
            request.Mode,
            request.PlanVersion,
            await StartAsync(plan, request, runbook, held, cancellationToken),
            groups.Sum(group => group.Max(step => step.EstimateSeconds)),
            steps);
    }

    private async Task<string> StartAsync(
        WorkloadPlan plan, RunRequest request, Runbook runbook, WorkloadLock? held, CancellationToken cancellationToken)
    {
        if (held is { State: LockState.Held })
        {
            return Preemption.Yields(held.Run.Mode, request.Mode)
                ? $"would pre-empt the run '{held.Run.RunId}'"
                : $"would be refused: the run '{held.Run.RunId}' is active";
        }

        var state = await states.ReadAsync(request.Workload, cancellationToken);
        return RunStarts.IsThere(plan, runbook, state)
            ? $"would be refused: '{plan.RegionOf(state.Active).Name}' carries '{request.Workload}' already"
            : "would start";
    }

    private async Task<StepPreviewView> OfAsync(
        WorkloadPlan plan, RunRequest request, RunbookStep step, int index, CancellationToken cancellationToken)
    {
        var kind = StepKindCatalog.Of(step);
        var context = new StepContext(plan, request, 0, step, new Dictionary<string, string>())
        {
            Index = index,
            BegunAt = time.GetUtcNow(),
            EnsureCurrentAsync = _ => throw new InvalidOperationException("A precheck has no effect, and asks for nothing before one."),
        };
        StepCheck check;
        try
        {
            check = await runners[step.GetType()].PrecheckAsync(context, cancellationToken);
        }
        catch (RecoveryException exception)
        {
            check = StepCheck.Failed(exception.Code, exception.Message, exception.Hint);
        }

        return new StepPreviewView(
            index,
            step.Name,
            kind.Name,
            step.Group,
            kind.Describe(step, plan),
            RunFacts.IsCheckedOnly(step, request.Mode),
            kind.Effect(step),
            kind.IsPointOfNoReturn(step),
            kind.Estimate(step, plan).TotalSeconds,
            step.Timeout.TotalSeconds,
            check,
            [.. kind.Permissions(step, plan)]);
    }
}

/// <summary>What a run would do.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Runbook">The runbook.</param>
/// <param name="Mode">The mode.</param>
/// <param name="PlanVersion">The version of the plan.</param>
/// <param name="Start">What would become of the start, in words.</param>
/// <param name="EstimateSeconds">How long it takes when all is well; steps side by side count once.</param>
/// <param name="Steps">The steps in order.</param>
public sealed record RunPreviewView(
    string Workload, string Runbook, RunMode Mode, string PlanVersion, string Start, double EstimateSeconds, IReadOnlyList<StepPreviewView> Steps);

/// <summary>What a step would do.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Group">Neighbours of one number run side by side.</param>
/// <param name="Does">What, in words.</param>
/// <param name="ChecksOnly">Whether only its precheck would run: of a drill.</param>
/// <param name="Effect">What it does to the world.</param>
/// <param name="IsPointOfNoReturn">Whether what was done before it then stays done.</param>
/// <param name="EstimateSeconds">How long it takes when all is well.</param>
/// <param name="TimeoutSeconds">How long it may take.</param>
/// <param name="Precheck">Whether it could be carried out as things are. Steps before it may change that.</param>
/// <param name="Permissions">What the app's identity needs for it.</param>
public sealed record StepPreviewView(
    int Index,
    string Name,
    string Kind,
    int? Group,
    string Does,
    bool ChecksOnly,
    StepEffect Effect,
    bool IsPointOfNoReturn,
    double EstimateSeconds,
    double TimeoutSeconds,
    StepCheck Precheck,
    IReadOnlyList<RequiredPermission> Permissions);
