using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Durable;

/// <summary>Scheduling that may be repeated.</summary>
internal static class Scheduling
{
    /// <summary>
    /// Schedules an orchestration unless an instance of that id exists, running or finished. Two callers at once may both
    /// schedule: the orchestrations are written so that beginning again changes nothing.
    /// </summary>
    public static async Task EnsureScheduledAsync(
        this DurableTaskClient client, string orchestration, object input, string instanceId, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is null)
        {
            await client.ScheduleAsync(orchestration, input, instanceId, instance => instance is not null, cancellationToken);
        }
    }

    /// <summary>
    /// Schedules an orchestration unless an instance of that id runs; a finished one begins anew. False when one runs that began before.
    /// </summary>
    public static async Task<bool> EnsureRunningAsync(
        this DurableTaskClient client, string orchestration, object input, string instanceId, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: false })
        {
            return false;
        }

        await client.ScheduleAsync(orchestration, input, instanceId, instance => instance is { IsCompleted: false }, cancellationToken);
        return true;
    }

    private static async Task ScheduleAsync(
        this DurableTaskClient client,
        string orchestration,
        object input,
        string instanceId,
        Func<OrchestrationMetadata?, bool> isThere,
        CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestration, input, new StartOrchestrationOptions(instanceId), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Refused because another caller was faster? The type of the refusal differs by host, the instance does not.
            if (!isThere(await client.GetInstanceAsync(instanceId, cancellationToken)))
            {
                throw;
            }
        }
    }
}
