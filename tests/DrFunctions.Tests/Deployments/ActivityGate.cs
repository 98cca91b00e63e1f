using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Deployments;

/// <summary>Holds activities back while the clock is moved, so that no probe that is under way times out for it.</summary>
internal sealed class ActivityGate
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _closed;
    private TaskCompletionSource? _idle;
    private int _running;

    /// <summary>Called with each one's name before it is called, and again with <c>true</c> when it is done.</summary>
    public Func<string, bool, CancellationToken, Task> Around { get; set; } = (_, _, _) => Task.CompletedTask;

    public static bool Concerns(FunctionContext context) =>
        context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type is "activityTrigger" or "timerTrigger");

    public async Task PassAsync(FunctionContext context, Func<Task> next)
    {
        while (Enter() is { } opened)
        {
            await opened;
        }

        try
        {
            await Around(context.FunctionDefinition.Name, false, context.CancellationToken);
            await next();
            await Around(context.FunctionDefinition.Name, true, context.CancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Waits until no activity runs, acts, and lets them go on.</summary>
    public async Task WhileIdleAsync(Action act)
    {
        Task idle;
        lock (_gate)
        {
            _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _running == 0 ? Task.CompletedTask : _idle.Task;
        }

        await idle.WaitAsync(Eventually.Patience);
        act();
        lock (_gate)
        {
            _closed.SetResult();
            (_closed, _idle) = (null, null);
        }
    }

    private Task? Enter()
    {
        lock (_gate)
        {
            if (_closed is null)
            {
                _running++;
            }

            return _closed?.Task;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_running == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }
}
