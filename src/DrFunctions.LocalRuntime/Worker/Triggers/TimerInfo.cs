namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told.</summary>
public class TimerInfo
{
    /// <summary>The schedule's state; null where it is not kept.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether this occurrence was missed and runs late.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>The state of a schedule, in UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last occurrence that fired.</summary>
    public DateTime Last { get; set; }

    /// <summary>The next occurrence.</summary>
    public DateTime Next { get; set; }

    /// <summary>When the state was written.</summary>
    public DateTime LastUpdated { get; set; }
}
