using System.Collections.Concurrent;

namespace DrFunctions.LocalRuntime.Storage;

/// <summary>A store that is down, or whose answers are lost, when told so.</summary>
internal sealed class FaultyRecordStore(IRecordStore inner) : IRecordStore
{
    private int _lost;

    public bool IsDown { get; set; }

    /// <summary>The names of what was created.</summary>
    public ConcurrentQueue<string> Created { get; } = new();

    public int Refused { get; private set; }

    /// <summary>The next replacement happens, but its answer does not arrive.</summary>
    public void LoseNextAnswer() => Interlocked.Exchange(ref _lost, 1);

    public Task<StoredRecord?> ReadAsync(string container, string name, CancellationToken cancellationToken)
    {
        Refuse();
        return inner.ReadAsync(container, name, cancellationToken);
    }

    public Task<bool> TryCreateAsync(string container, string name, BinaryData content, CancellationToken cancellationToken)
    {
        Refuse();
        Created.Enqueue(name);
        return inner.TryCreateAsync(container, name, content, cancellationToken);
    }

    public async Task<bool> TryReplaceAsync(
        string container, string name, BinaryData content, string etag, CancellationToken cancellationToken)
    {
        Refuse();
        var replaced = await inner.TryReplaceAsync(container, name, content, etag, cancellationToken);
        return Interlocked.Exchange(ref _lost, 0) == 0 ? replaced : throw Failure();
    }

    private static RecordStoreException Failure() => new("The storage account 'test' did not answer", new IOException());

    private void Refuse()
    {
        if (IsDown)
        {
            Refused++;
            throw Failure();
        }
    }
}
