namespace DrFunctions.Simulator.Faults;

/// <summary>The part of a fault that takes time, by the simulator's clock.</summary>
internal sealed class FaultDelay(TimeProvider time)
{
    /// <summary>Waits as long as the fault makes wait.</summary>
    /// <returns>Whether there is to be an answer.</returns>
    /// <exception cref="OperationCanceledException">The client did not wait.</exception>
    public async Task<bool> PassAsync(FaultHit hit, CancellationToken cancellationToken)
    {
        if (hit.Fault.Delay is { } late && late > TimeSpan.Zero)
        {
            await Task.Delay(late, time, cancellationToken);
        }

        if (hit.Fault.Kind == FaultKind.Hang)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(hit.Over, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // ends by cancellation only
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }

        return hit.Fault.Kind != FaultKind.Drop;
    }
}
