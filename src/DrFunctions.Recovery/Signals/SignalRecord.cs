namespace DrFunctions.Recovery.Signals;

/// <summary>A signal as it is kept.</summary>
/// <param name="Schema">1.</param>
/// <param name="Signal">The signal.</param>
/// <param name="Workload">The workload it concerns, or null.</param>
/// <param name="Disposition">What becomes of it.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Body">The event as it came, at most 64 KiB.</param>
public sealed record SignalRecord(
    int Schema, Signal Signal, string? Workload, SignalDisposition Disposition, string Reason, string Body);

/// <summary>What becomes of a signal.</summary>
public enum SignalDisposition
{
    /// <summary>It belongs to a workload's incident.</summary>
    Correlated,

    /// <summary>It is kept, and nothing follows from it.</summary>
    Ignored,

    /// <summary>It takes its alert back in the incident that has it, and opens none.</summary>
    Resolving,

    /// <summary>It could not be understood; a person should look.</summary>
    Unreadable,
}
