using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Faults;

/// <summary>What the script says about operations that Resource Manager has accepted.</summary>
internal sealed class OperationFaults(FaultSchedule faults)
{
    /// <summary>The fault of an operation that has just been accepted, counted; null when it goes its way.</summary>
    /// <param name="method">The method of the request that began it.</param>
    /// <param name="path">That request's path.</param>
    public OperationFault? Take(string method, string path) =>
        faults.Take(new FaultQuery(FaultTarget.Operation) { Method = method, Path = path, ResourceType = ArmPath.TypeOf(method, path) }) is { } hit
            ? new OperationFault(
                hit.Id,
                hit.Fault.Kind,
                hit.Fault.Delay ?? TimeSpan.Zero,
                hit.Fault.Code,
                hit.Fault.Message,
                hit.Over)
            : null;
}

/// <summary>What becomes of an operation.</summary>
/// <param name="Id">The fault's id.</param>
/// <param name="Kind">
/// <see cref="FaultKind.Fail"/>, <see cref="FaultKind.Cancel"/>, <see cref="FaultKind.Delay"/>, or <see cref="FaultKind.Hang"/>:
/// it does not end before <paramref name="Over"/>.
/// </param>
/// <param name="Delay">How much longer it takes.</param>
/// <param name="Code">The error code of a failed or canceled one; null for the simulator's.</param>
/// <param name="Message">Its message; null for the simulator's.</param>
/// <param name="Over">Cancelled when the fault's time is over or it is removed.</param>
internal sealed record OperationFault(string Id, FaultKind Kind, TimeSpan Delay, string? Code, string? Message, CancellationToken Over);
