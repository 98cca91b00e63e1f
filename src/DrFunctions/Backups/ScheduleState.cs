namespace DrFunctions.App.Backups;

/// <summary>How far a policy's schedule is done.</summary>
/// <param name="Schema">1.</param>
/// <param name="Last">The last occurrence that was scheduled.</param>
/// <param name="InstanceId">Its orchestration.</param>
internal sealed record ScheduleState(int Schema, DateTimeOffset Last, string InstanceId)
{
    /// <summary>The document's key.</summary>
    public static string Key(string workload, string policy) => $"schedules/{workload}/{policy}";
}
