using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Write leases in memory, compared and swapped as blobs are.</summary>
public sealed class FakeWriteLeases(Interception interception, List<string> effects) : IWriteLeases
{
    private int _version;

    /// <summary>Records by blob.</summary>
    public Dictionary<string, WriteLeaseRecord> Records { get; } = [];

    public Task<Stored<WriteLeaseRecord>?> ReadAsync(BlobContainer place, string blob, CancellationToken cancellationToken) => interception.CallAsync(
        $"ReadLease {blob}",
        () => Records.GetValueOrDefault(blob) is { } record ? new Stored<WriteLeaseRecord>(record, _version.ToString(CultureInfo.InvariantCulture)) : null);

    public Task<bool> TryWriteAsync(
        BlobContainer place, string blob, WriteLeaseRecord record, Stored<WriteLeaseRecord> seen, CancellationToken cancellationToken) => interception.CallAsync(
        $"WriteLease {blob}",
        () =>
        {
            if (seen.ETag != _version.ToString(CultureInfo.InvariantCulture))
            {
                return false;
            }

            Records[blob] = record;
            _version++;
            effects.Add(record.Holder.Length == 0 ? $"take {blob} from {record.Leaving}" : $"give {blob} to {record.Holder}");
            return true;
        });
}
