using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>A store that can be made silent, held up, or cut off for good at its n-th write, before or after the effect.</summary>
internal sealed class FaultyStore(IHubStore store) : IHubStore
{
    private int _writes;
    private int _held;
    private volatile bool _isDown;
    private volatile string? _break;
    private readonly ConcurrentBag<Gate> _gates = [];
    private TaskCompletionSource? _hold;

    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    /// <summary>The write, renewals of the lease not counted, at which it is cut off; 0: never.</summary>
    public int CutAt { get; init; }

    /// <summary>Whether the write at which it is cut off still happens.</summary>
    public bool CutAfter { get; init; }

    /// <summary>Whether it answers again after that one write.</summary>
    public bool CutOnce { get; init; }

    /// <summary>How the writes to hold up begin; null: every call is held up while it is paused.</summary>
    public string? HoldOnly { get; init; }

    /// <summary>How the calls begin that fail in a way nobody has foreseen, such as <c>read instances/</c>; null: none.</summary>
    public string? Break
    {
        get => _break;
        set => _break = value;
    }

    public int Writes => _writes;

    /// <summary>Calls that were held up.</summary>
    public int Held => _held;

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Holds back the answers of the reads that begin so, such as <c>read inbox/</c>: they have seen what was there before.</summary>
    public Gate HoldAnswers(string begin)
    {
        var gate = new Gate(begin);
        _gates.Add(gate);
        return gate;
    }

    /// <summary>Holds up every call until <see cref="Continue"/>, as if the process were paused in the middle of it.</summary>
    public void Pause() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Continue() => _hold?.TrySetResult();

    public Task EnsureCreatedAsync(CancellationToken ct) => ReadingAsync(() => RunAsync(store.EnsureCreatedAsync(ct)));

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) => ReadingAsync(() => store.ReadAsync(name, ct), $"read {name}");

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
        ReadingAsync(() => store.ListAsync(prefix, continuation, pageSize, ct));

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
        WritingAsync($"create {name}", () => store.CreateAsync(name, content, CancellationToken.None));

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) =>
        WritingAsync($"replace {name}", () => store.ReplaceAsync(name, content, etag, CancellationToken.None));

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) =>
        WritingAsync($"delete {name}", () => store.DeleteAsync(name, etag, CancellationToken.None));

    private static async Task<bool> RunAsync(Task task)
    {
        await task;
        return true;
    }

    private async Task<T> ReadingAsync<T>(Func<Task<T>> read, string what = "")
    {
        ThrowIfBroken(what);
        await (HoldOnly is null ? HeldAsync() : Task.CompletedTask);
        ThrowIfDown();
        var answer = await read();
        foreach (var gate in _gates.Where(gate => what.StartsWith(gate.Begin, StringComparison.Ordinal)))
        {
            await gate.PassAsync();
        }

        return answer;
    }

    private async Task<T> WritingAsync<T>(string what, Func<Task<T>> write)
    {
        ThrowIfBroken(what);
        if (HoldOnly is null || what.StartsWith(HoldOnly, StringComparison.Ordinal))
        {
            await HeldAsync();
        }

        ThrowIfDown();
        var isLease = what.EndsWith(" lease", StringComparison.Ordinal); // How often it is renewed depends on the time a test takes.
        var number = isLease ? 0 : Interlocked.Increment(ref _writes);
        Log.Enqueue(what);
        if (isLease || number != CutAt)
        {
            var answer = await write();
            if (answer is null)
            {
                Log.Enqueue($"refused {what}");
            }

            return answer;
        }

        IsDown = !CutOnce;
        if (CutAfter)
        {
            await write();
        }

        throw new HubStoreException("cut off");
    }

    private Task HeldAsync()
    {
        if (_hold is not { Task.IsCompleted: false } hold)
        {
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref _held);
        return hold.Task;
    }

    private void ThrowIfBroken(string what)
    {
        if (_break is { } begin && what.StartsWith(begin, StringComparison.Ordinal))
        {
            throw new InvalidDataException("nobody has foreseen this");
        }
    }

    private void ThrowIfDown()
    {
        if (_isDown)
        {
            throw new HubStoreException("cut off");
        }
    }

    internal sealed class Gate(string begin)
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _held;

        public string Begin => begin;

        /// <summary>How many answers it has held back.</summary>
        public int Held => _held;

        public void Open() => _open.TrySetResult();

        public Task PassAsync()
        {
            Interlocked.Increment(ref _held);
            return _open.Task;
        }
    }
}
