using DrFunctions.LocalRuntime.Durable.Leases;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable.Leases;

public sealed class HubLeaseTests
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private readonly MemoryHubStore _store = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Lease_Free_IsTakenAtOnceAndTrustedForTheLeaseTime()
    {
        var lease = Lease("a");

        Assert.True(await lease.RenewOrTakeAsync(default));

        Assert.Equal(1, lease.Fence);
        _time.Advance(LeaseTime - TimeSpan.FromTicks(1));
        Assert.True(lease.IsTrusted);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(lease.IsTrusted);
        Assert.True(lease.IsHeld);
    }

    [Fact]
    public async Task Lease_HeldByAnother_IsTakenOnlyAfterTheLeaseTimeWithoutARenewal()
    {
        var (a, b) = (Lease("a"), Lease("b"));
        await a.RenewOrTakeAsync(default);
        Assert.False(await b.RenewOrTakeAsync(default));
        _time.Advance(TimeSpan.FromSeconds(9));
        await a.RenewOrTakeAsync(default);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(await b.RenewOrTakeAsync(default)); // The renewal has just been seen: its time counts from here.
        _time.Advance(LeaseTime - TimeSpan.FromTicks(1));
        Assert.False(await b.RenewOrTakeAsync(default));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(await b.RenewOrTakeAsync(default));

        Assert.Equal(2, b.Fence);
        Assert.False(a.IsTrusted);
        Assert.False(await a.RenewOrTakeAsync(default));
        Assert.False(a.IsHeld);
    }

    [Fact]
    public async Task Lease_PausedForADayButNotTaken_IsRenewed()
    {
        var lease = Lease("a");
        await lease.RenewOrTakeAsync(default);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.True(await lease.RenewOrTakeAsync(default));

        Assert.Equal(1, lease.Fence);
        Assert.True(lease.IsTrusted);
    }

    [Fact]
    public async Task Lease_Released_IsTakenByAnotherAtOnce()
    {
        var (a, b) = (Lease("a"), Lease("b"));
        await a.RenewOrTakeAsync(default);
        await b.RenewOrTakeAsync(default);

        await a.ReleaseAsync(default);

        Assert.False(a.IsHeld);
        Assert.True(await b.RenewOrTakeAsync(default));
        Assert.Equal(2, b.Fence);
    }

    [Fact]
    public async Task Lease_ExpiredAndWantedByMany_IsTakenByOne()
    {
        var takers = Enumerable.Range(0, 5).Select(i => Lease($"taker{i}")).ToList();
        await Lease("dead").RenewOrTakeAsync(default);
        foreach (var taker in takers)
        {
            Assert.False(await taker.RenewOrTakeAsync(default));
        }

        _time.Advance(LeaseTime);
        var taken = await Task.WhenAll(takers.Select(taker => Task.Run(() => taker.RenewOrTakeAsync(default))));

        Assert.Equal(1, taken.Count(won => won));
        Assert.Equal(1, takers.Count(taker => taker.IsHeld));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Renewal_WhoseAnswerWasLost_IsKnownAgain(int lostWrite)
    {
        var store = new LossyStore(_store) { LoseAnswerOf = lostWrite };
        var lease = new HubLease(new StoreGuard(store, _time, NullLogger.Instance), _time, "a", LeaseTime);
        if (lostWrite == 2)
        {
            await lease.RenewOrTakeAsync(default);
        }

        await Assert.ThrowsAsync<HubStoreException>(() => lease.RenewOrTakeAsync(default));

        Assert.True(await lease.RenewOrTakeAsync(default));
        Assert.True(lease.IsTrusted);
    }

    private HubLease Lease(string owner) => new(new StoreGuard(_store, _time, NullLogger.Instance), _time, owner, LeaseTime);

    private sealed class LossyStore(IHubStore store) : IHubStore
    {
        private int _writes;

        public int LoseAnswerOf { get; init; }

        public Task EnsureCreatedAsync(CancellationToken ct) => store.EnsureCreatedAsync(ct);

        public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) => store.ReadAsync(name, ct);

        public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
            Answer(store.CreateAsync(name, content, ct));

        public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) =>
            Answer(store.ReplaceAsync(name, content, etag, ct));

        public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) => store.DeleteAsync(name, etag, ct);

        public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
            store.ListAsync(prefix, continuation, pageSize, ct);

        private async Task<string?> Answer(Task<string?> write)
        {
            var answer = await write;
            return ++_writes == LoseAnswerOf ? throw new HubStoreException("lost") : answer;
        }
    }
}
