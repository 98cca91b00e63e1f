using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// A mark that the orchestration of a workload's incidents is about to end. It is written before the signals are read for the last time, and
/// whoever wakes the orchestration reads it after the signal is stored: either that last read sees the signal, or the waker sees the mark.
/// </summary>
public sealed class IncidentEndings(IDocumentStore documents)
{
    private static readonly ReadOnlyMemory<byte> s_mark = """{"schema":1}"""u8.ToArray();

    /// <summary>Writes the mark. Idempotent.</summary>
    public async Task MarkAsync(string workload, CancellationToken cancellationToken) =>
        _ = await documents.TryCreateAsync(Key(workload), s_mark, cancellationToken);

    /// <summary>Removes the mark: the orchestration goes on, or another one begins. Idempotent.</summary>
    public async Task ClearAsync(string workload, CancellationToken cancellationToken) =>
        _ = await documents.TryDeleteAsync(Key(workload), etag: null, cancellationToken);

    /// <summary>Whether the mark is there.</summary>
    public async Task<bool> IsMarkedAsync(string workload, CancellationToken cancellationToken) =>
        await documents.ReadAsync(Key(workload), cancellationToken) is not null;

    private static string Key(string workload) => $"endings/{workload}";
}
