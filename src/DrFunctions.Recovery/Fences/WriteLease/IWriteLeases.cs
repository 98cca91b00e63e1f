using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.WriteLease;

/// <summary>Records that an application's writers obey.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when storage refuses or does not answer, or the record cannot be read (<c>Lease…</c>).</remarks>
public interface IWriteLeases
{
    /// <summary>The record as it is now; null when there is no such blob.</summary>
    Task<Stored<WriteLeaseRecord>?> ReadAsync(BlobContainer place, string blob, CancellationToken cancellationToken);

    /// <summary>Writes the record over the one that was read; false when it has changed since. True means that every later read sees it.</summary>
    Task<bool> TryWriteAsync(
        BlobContainer place, string blob, WriteLeaseRecord record, Stored<WriteLeaseRecord> seen, CancellationToken cancellationToken);
}
