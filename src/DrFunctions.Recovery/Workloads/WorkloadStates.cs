using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Workloads;

/// <summary>Which region carries each workload. Written by runs that hold the lock, in the order of their epochs.</summary>
public sealed class WorkloadStates(IDocumentStore documents)
{
    private const int Attempts = 16;

    /// <summary>The state; <see cref="WorkloadState.AtHome"/> before any run.</summary>
    public async Task<WorkloadState> ReadAsync(string workload, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<WorkloadState>(Key(workload), cancellationToken))?.Value ?? WorkloadState.AtHome;

    /// <summary>Records that a run moved the workload. Idempotent; a move that was seen stays so; a write of an older epoch is refused.</summary>
    /// <exception cref="RecoveryException">A newer run has moved the workload since (<c>EpochSuperseded</c>).</exception>
    public async Task MoveAsync(string workload, WorkloadState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<WorkloadState>(Key(workload), cancellationToken);
            if (seen?.Value == state || seen?.Value == state with { Arriving = false })
            {
                return;
            }

            if (seen is { } && seen.Value.Epoch > state.Epoch)
            {
                throw new RecoveryException(
                    "EpochSuperseded",
                    $"The run '{state.RunId}' (epoch {state.Epoch}) cannot move '{workload}': epoch {seen.Value.Epoch} already has.",
                    isTransient: false,
                    "Nothing to do: the newer run decides.");
            }

            if (await documents.TryWriteAsync(Key(workload), state, seen, cancellationToken))
            {
                return;
            }
        }

        throw new RecoveryException(
            "StateContended", $"The state of '{workload}' changed {Attempts} times while it was being written.", isTransient: true, "Try again.");
    }

    /// <summary>Takes back a move that was recorded and did not happen; does nothing when another state stands there by now.</summary>
    public async Task ReturnAsync(string workload, WorkloadState recorded, WorkloadState before, CancellationToken cancellationToken)
    {
        if (await documents.ReadAsync<WorkloadState>(Key(workload), cancellationToken) is { } seen && seen.Value == recorded)
        {
            _ = await documents.TryWriteAsync(Key(workload), before, seen, cancellationToken);
        }
    }

    private static string Key(string workload) => $"workloads/{workload}";
}
