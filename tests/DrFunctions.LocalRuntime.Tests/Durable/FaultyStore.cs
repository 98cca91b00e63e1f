using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>A store that can be made silent, held up, or go wrong at any one of its calls, before or after the effect.</summary>
internal sealed class FaultyStore(IHubStore store) : IHubStore
{
    private readonly ConcurrentDictionary<string, int> _occurrences = new();
    private readonly ConcurrentBag<Gate> _gates = [];
    private int _writes;
    private int _held;
    private volatile bool _isDown;
    private volatile bool _isSilent;
    private volatile string? _break;
    private TaskCompletionSource? _hold;

    /// <summary>Whether every call fails.</summary>
    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    /// <summary>Whether no call answers until it is cancelled.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    /// <summary>What goes wrong, and where; null: nothing.</summary>
    public StoreFault? Fault { get; init; }

    /// <summary>Whether it has gone wrong.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>How the writes to hold up begin; null: every call is held up while it is paused.</summary>
    public string? HoldOnly { get; init; }

    /// <summary>How the calls begin that fail in a way nobody has foreseen, such as <c>read instances/</c>; null: none.</summary>
    public string? Break
    {
        get => _break;
        set => _break = value;
    }

    /// <summary>The writes begun so far, renewals of the lease not counted: how often it is renewed depends on the time a test takes.</summary>
    public int Writes => _writes;

    /// <summary>Calls that were held up.</summary>
    public int Held => _held;

    /// <summary>The writes, and which of them were refused.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Every call, as a <see cref="StoreFault"/> names it.</summary>
    public ConcurrentQueue<(string Call, int Occurrence)> Calls { get; } = new();

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

    public Task EnsureCreatedAsync(CancellationToken ct) => ReadingAsync("ensure hub", () => RunAsync(store.EnsureCreatedAsync(ct)), ct);

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) =>
        ReadingAsync($"read {name}", () => store.ReadAsync(name, ct), ct);

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
        ReadingAsync($"list {prefix}", () => store.ListAsync(prefix, continuation, pageSize, ct), ct);

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
        WritingAsync($"create {name}", () => store.CreateAsync(name, content, CancellationToken.None), ct);

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) =>
        WritingAsync($"replace {name}", () => store.ReplaceAsync(name, content, etag, CancellationToken.None), ct);

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) =>
        WritingAsync($"delete {name}", () => store.DeleteAsync(name, etag, CancellationToken.None), ct);

    private static async Task<bool> RunAsync(Task task)
    {
        await task;
        return true;
    }

    private async Task<T> ReadingAsync<T>(string what, Func<Task<T>> read, CancellationToken ct)
    {
        ThrowIfBroken(what);
        await (HoldOnly is null ? HeldAsync() : Task.CompletedTask);
        var answer = await FaultyAsync(what, read, ct);
        foreach (var gate in _gates.Where(gate => what.StartsWith(gate.Begin, StringComparison.Ordinal)))
        {
            await gate.PassAsync();
        }

        return answer;
    }

    private async Task<T> WritingAsync<T>(string what, Func<Task<T>> write, CancellationToken ct)
    {
        ThrowIfBroken(what);
        if (HoldOnly is null || what.StartsWith(HoldOnly, StringComparison.Ordinal))
        {
            await HeldAsync();
        }

        var isCounted = !what.EndsWith(" lease", StringComparison.Ordinal) && !_isDown;
        var number = isCounted ? Interlocked.Increment(ref _writes) : 0;
        return await FaultyAsync(what, () => LoggedAsync(what, write), ct, number);
    }

    private async Task<T> LoggedAsync<T>(string what, Func<Task<T>> write)
    {
        Log.Enqueue(what);
        var answer = await write();
        if (answer is null)
        {
            Log.Enqueue($"refused {what}");
        }

        return answer;
    }

    private async Task<T> FaultyAsync<T>(string what, Func<Task<T>> call, CancellationToken ct, int number = 0)
    {
        if (_isDown)
        {
            throw new HubStoreException("cut off");
        }

        if (_isSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }

        var name = string.Join('/', what.Split('/')[..Math.Min(2, what.Count(c => c == '/') + 1)]);
        var occurrence = _occurrences.AddOrUpdate(name, 1, (_, count) => count + 1);
        Calls.Enqueue((name, occurrence));
        if (Fault is not { } fault || !(fault.IsAt(name, occurrence) || fault.IsAt(StoreFault.AnyWrite, number)))
        {
            return await call();
        }

        HasStruck = true;
        IsDown = fault.Kind == FaultKind.FailsForGood;
        IsSilent = fault.Kind == FaultKind.HangsForGood;
        if (fault.AfterTheEffect)
        {
            await call();
        }

        if (fault.Kind is FaultKind.Hangs or FaultKind.HangsForGood)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
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

    /// <summary>Where answers are held back.</summary>
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
