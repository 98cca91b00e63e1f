using System.Globalization;

namespace DrFunctions.LocalRuntime.Storage;

/// <summary>Records in memory, for tests.</summary>
internal sealed class MemoryRecordStore : IRecordStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Container, string Name), StoredRecord> _records = [];
    private long _version;

    public Task<StoredRecord?> ReadAsync(string container, string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_records.GetValueOrDefault((container, name)));
        }
    }

    public Task<bool> TryCreateAsync(string container, string name, BinaryData content, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_records.TryAdd((container, name), Version(content)));
        }
    }

    public Task<bool> TryReplaceAsync(
        string container, string name, BinaryData content, string etag, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_records.TryGetValue((container, name), out var record) || record.ETag != etag)
            {
                return Task.FromResult(false);
            }

            _records[(container, name)] = Version(content);
            return Task.FromResult(true);
        }
    }

    private StoredRecord Version(BinaryData content) => new(content, (++_version).ToString(CultureInfo.InvariantCulture));
}
