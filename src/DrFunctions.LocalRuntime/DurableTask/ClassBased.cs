namespace Microsoft.DurableTask;

/// <summary>An orchestrator that is a class. The worker runs functions only, so that a class is refused at the start.</summary>
public interface ITaskOrchestrator
{
    /// <summary>What it takes.</summary>
    Type InputType { get; }

    /// <summary>What it returns.</summary>
    Type OutputType { get; }

    /// <summary>Runs it.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="input">What it takes.</param>
    Task<object?> RunAsync(TaskOrchestrationContext context, object? input);
}

/// <summary>An activity that is a class. The worker runs functions only, so that a class is refused at the start.</summary>
public interface ITaskActivity
{
    /// <summary>What it takes.</summary>
    Type InputType { get; }

    /// <summary>What it returns.</summary>
    Type OutputType { get; }

    /// <summary>Runs it.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="input">What it takes.</param>
    Task<object?> RunAsync(TaskActivityContext context, object? input);
}

/// <inheritdoc cref="ITaskOrchestrator" />
/// <typeparam name="TInput">What it takes.</typeparam>
/// <typeparam name="TOutput">What it returns.</typeparam>
public abstract class TaskOrchestrator<TInput, TOutput> : ITaskOrchestrator
{
    Type ITaskOrchestrator.InputType => typeof(TInput);

    Type ITaskOrchestrator.OutputType => typeof(TOutput);

    /// <summary>Runs it.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="input">What it takes.</param>
    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);

    async Task<object?> ITaskOrchestrator.RunAsync(TaskOrchestrationContext context, object? input) =>
        await RunAsync(context, (TInput)input!); // A value type without input is the caller's mistake, and shows as one.
}

/// <inheritdoc cref="ITaskActivity" />
/// <typeparam name="TInput">What it takes.</typeparam>
/// <typeparam name="TOutput">What it returns.</typeparam>
public abstract class TaskActivity<TInput, TOutput> : ITaskActivity
{
    Type ITaskActivity.InputType => typeof(TInput);

    Type ITaskActivity.OutputType => typeof(TOutput);

    /// <summary>Runs it.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="input">What it takes.</param>
    public abstract Task<TOutput> RunAsync(TaskActivityContext context, TInput input);

    async Task<object?> ITaskActivity.RunAsync(TaskActivityContext context, object? input) =>
        await RunAsync(context, (TInput)input!); // As above.
}

/// <summary>Names a class-based orchestrator or activity.</summary>
/// <param name="name">The name; default that of the class.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DurableTaskAttribute(string? name = null) : Attribute
{
    /// <summary>The name.</summary>
    public TaskName Name { get; } = name is null ? default : new TaskName(name);
}
