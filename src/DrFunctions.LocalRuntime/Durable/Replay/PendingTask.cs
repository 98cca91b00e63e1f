using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Durable.Replay;

/// <summary>An activity or a sub-orchestration that the orchestrator waits for.</summary>
internal interface IPendingTask
{
    /// <summary>It has returned.</summary>
    void Complete(string? json);

    /// <summary>It has failed.</summary>
    void Fail(TaskFailureDetails failure);
}

/// <summary>The task that the orchestrator awaits.</summary>
internal sealed class PendingTask<T>(string name, int id, DataConverter converter) : TaskCompletionSource<T>, IPendingTask
{
    public void Complete(string? json) => this.SetFrom(json, converter);

    public void Fail(TaskFailureDetails failure) => TrySetException(new TaskFailedException(name, id, failure));
}

/// <summary>How a value that has come reaches who waits for it.</summary>
internal static class PendingTask
{
    /// <summary>Completes with a value, or with what the converter throws: that is the orchestrator's to handle.</summary>
    public static void SetFrom<T>(this TaskCompletionSource<T> source, string? json, DataConverter converter)
    {
        T? value;
        try
        {
            value = converter.Deserialize<T>(json);
        }
#pragma warning disable CA1031 // Whatever it is, it goes to the orchestrator, as the official context has it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            source.TrySetException(e);
            return;
        }

        source.TrySetResult(value!); // The caller chose T for what is returned, null included.
    }
}
