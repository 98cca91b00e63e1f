namespace DrFunctions.App.Backups;

/// <summary>How far a policy's schedule is done.</summary>
/// <param name="Schema">1.</param>
/// <param name="Last">The last occurrence that was scheduled.</param>
/// <param name="InstanceId">The orchestration of its last attempt.</param>
/// <param name="Attempt">Number of that attempt, from 1.</param>
internal sealed record ScheduleState(int Schema, DateTimeOffset Last, string InstanceId, int Attempt = 1)
{
    /// <summary>The document's key.</summary>
    public static string Key(string workload, string policy) => $"schedules/{workload}/{policy}";
}
