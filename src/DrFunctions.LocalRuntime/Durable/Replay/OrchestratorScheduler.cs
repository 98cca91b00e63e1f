namespace DrFunctions.LocalRuntime.Durable.Replay;

/// <summary>
/// Runs an orchestrator's code on the thread that drives the turn and on no other. What is queued from elsewhere has escaped
/// the replay: it is counted and never run.
/// </summary>
internal sealed class OrchestratorScheduler : TaskScheduler
{
    private readonly Queue<Task> _ready = new();
    private readonly Thread _thread = Thread.CurrentThread;
    private int _escaped;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Whether the orchestrator awaited something that another thread completed.</summary>
    public bool HasEscaped => Volatile.Read(ref _escaped) > 0;

    /// <summary>Whether the caller is the orchestrator's code.</summary>
    public bool IsOnThread => Thread.CurrentThread == _thread;

    /// <summary>Runs the root of the orchestrator up to its first await.</summary>
    public Task<T> Start<T>(Func<Task<T>> root)
    {
        var task = Task.Factory.StartNew(root, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
        RunReady();
        return task.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Runs something as the orchestrator's own, to its end: a continuation that does not want this scheduler then escapes, as it
    /// would on the official runtime, instead of being run in passing.
    /// </summary>
    public void Run(Action action)
    {
        var task = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
        RunReady();
        task.GetAwaiter().GetResult();
    }

    /// <summary>Runs what is ready until nothing is.</summary>
    public void RunReady()
    {
        while (_ready.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (IsOnThread)
        {
            _ready.Enqueue(task);
        }
        else
        {
            Interlocked.Increment(ref _escaped);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
