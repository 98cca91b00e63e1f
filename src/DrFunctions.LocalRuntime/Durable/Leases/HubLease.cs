using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Durable.Leases;

/// <summary>
/// This host's part in the lease of the hub: one record, renewed by ETag. The holder trusts it for the lease time since it began
/// its last renewal; a taker waits the lease time, on its own monotonic clock, since the last change it saw. Wall clocks do not
/// matter, and the holder always stops trusting before a taker takes. One caller at a time, but <see cref="IsTrusted"/>.
/// </summary>
internal sealed class HubLease(StoreGuard store, TimeProvider time, string owner, TimeSpan leaseTime)
{
    private LeaseRecord? _mine;
    private string _etag = "";
    private long _trustedFrom;
    private string? _seenEtag;
    private long _seenAt;
    private volatile TaskCompletionSource _renewal = NewRenewal();

    /// <summary>The fencing number, while <see cref="IsHeld"/>.</summary>
    public long Fence => _mine?.Fence ?? 0;

    /// <summary>Whether this host holds the lease, as far as it knows.</summary>
    public bool IsHeld => _mine is not null;

    /// <summary>Whether no other host can have taken the lease.</summary>
    public bool IsTrusted => _mine is not null && time.GetElapsedTime(Volatile.Read(ref _trustedFrom)) < leaseTime;

    /// <summary>Waits until no other host can have taken the lease.</summary>
    public async Task TrustedAsync(CancellationToken ct)
    {
        for (var renewal = _renewal.Task; !IsTrusted; renewal = _renewal.Task)
        {
            await renewal.WaitAsync(ct);
        }
    }

    /// <summary>How long until the lease may be taken, if the record does not change.</summary>
    public TimeSpan UntilTaking => _seenEtag is null ? TimeSpan.Zero : leaseTime - time.GetElapsedTime(_seenAt);

    /// <summary>Renews the lease, or takes it if it is free or has expired; says whether it is held.</summary>
    /// <exception cref="HubStoreException">The store does not answer; who holds the lease is unchanged.</exception>
    public async Task<bool> RenewOrTakeAsync(CancellationToken ct)
    {
        if (_mine is { } mine)
        {
            return await WriteAsync(mine with { Beat = mine.Beat + 1 }, _etag, ct);
        }

        var found = await store.OnceAsync((s, c) => s.ReadAsync(HubNames.Lease, c), ct);
        if (found is null)
        {
            return await WriteAsync(new LeaseRecord(owner, 1, 0), null, ct);
        }

        var record = LeaseRecord.Parse(found.Body);
        if (found.ETag != _seenEtag)
        {
            _seenEtag = found.ETag;
            _seenAt = time.GetTimestamp();
        }

        var free = record.Owner.Length == 0 || record.Owner == owner || time.GetElapsedTime(_seenAt) >= leaseTime;
        return free && await WriteAsync(new LeaseRecord(owner, record.Fence + 1, 0), found.ETag, ct);
    }

    /// <summary>Gives the lease back, so that another host need not wait.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        if (_mine is { } mine)
        {
            _mine = null;
            var free = new DocumentContent((mine with { Owner = "" }).ToBytes());
            await store.OnceAsync((s, c) => s.ReplaceAsync(HubNames.Lease, free, _etag, c), ct);
        }
    }

    /// <summary>Forgets the lease: another host has it.</summary>
    public void Lose() => _mine = null;

    private async Task<bool> WriteAsync(LeaseRecord record, string? etag, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        var content = new DocumentContent(record.ToBytes());
        var written = etag is null
            ? await store.OnceAsync((s, c) => s.CreateAsync(HubNames.Lease, content, c), ct)
            : await store.OnceAsync((s, c) => s.ReplaceAsync(HubNames.Lease, content, etag, c), ct);
        if (written is null)
        {
            // An earlier write of ours, whose answer was lost, may stand there.
            var found = await store.OnceAsync((s, c) => s.ReadAsync(HubNames.Lease, c), ct);
            if (found is null || LeaseRecord.Parse(found.Body) is var there && (there.Owner != owner || there.Fence != record.Fence))
            {
                _mine = null;
                _seenEtag = null;
                return false;
            }

            record = there;
            written = found.ETag;
        }

        _mine = record;
        _etag = written;
        Volatile.Write(ref _trustedFrom, begun);
        Interlocked.Exchange(ref _renewal, NewRenewal()).SetResult();
        return true;
    }

    private static TaskCompletionSource NewRenewal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
