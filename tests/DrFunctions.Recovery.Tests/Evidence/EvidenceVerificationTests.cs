using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Tests.Journal;

namespace DrFunctions.Recovery.Tests.Evidence;

/// <summary>Two regions hold a run; somebody with the keys of one of them changes what it holds.</summary>
public sealed class EvidenceVerificationTests
{
    private const string RunId = "shop-run-1";

    private readonly IReadOnlyList<JournalEntry> _journal = Samples.Failover();
    private readonly MemoryDocumentStore _control = new();
    private readonly MemoryDocumentStore _mirror = new();

    [Fact]
    public async Task Verify_WhatBothRegionsHold_IsIntactAndAnchoredInBoth()
    {
        await FillAsync();

        var found = await VerifyAsync();

        Assert.Equal((true, 8), (found.IsIntact, found.At));
        Assert.Equal(["control", "mirror"], found.Anchored);
        Assert.Empty(found.Notes);
    }

    [Fact]
    public async Task Verify_AnEntryChangedInEitherRegion_IsNamed()
    {
        foreach (var store in new[] { _control, _mirror })
        {
            for (var at = 0; at < _journal.Count; at++)
            {
                await FillAsync();
                await ReplaceAsync(store, Key(at), _journal[at] with { At = _journal[at].At + TimeSpan.FromTicks(1) });

                Assert.Equal((false, at), Result(await VerifyAsync()));
            }
        }
    }

    [Fact]
    public async Task Verify_AnEntryMissingInControl_IsNamed()
    {
        for (var at = 1; at < _journal.Count; at++)
        {
            await FillAsync();
            await DeleteAsync(_control, Key(at));

            Assert.Equal((false, at), Result(await VerifyAsync()));
        }
    }

    [Fact]
    public async Task Verify_ATailCutInBothRegions_IsFoundByEitherAnchor()
    {
        foreach (var store in new[] { _control, _mirror })
        {
            await FillAsync();
            foreach (var cut in new[] { _control, _mirror })
            {
                await DeleteAsync(cut, Key(7));
                await DeleteAsync(cut, Key(6));
            }

            await DeleteAsync(store, EvidenceAnchor.Key(RunId));

            var found = await VerifyAsync();
            Assert.Equal((false, 6), Result(found));
            Assert.Contains("counts 8 entries, found 6", found.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Verify_AChainReplacedAsAWholeInControl_IsFoundByTheMirror()
    {
        await FillAsync();
        await ForgeAsync(_control);
        await ReplaceAsync(_control, EvidenceAnchor.Key(RunId), EvidenceAnchor.Of(Forged())!); // it is sealed

        var found = await VerifyAsync();

        Assert.Equal((false, 0), Result(found));
        Assert.StartsWith("entry 0 is not the one that mirror holds", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AChainReplacedInBothRegions_IsFoundByAnAnchor()
    {
        await FillAsync();
        await ForgeAsync(_control);
        await ForgeAsync(_mirror);

        var found = await VerifyAsync();

        Assert.Equal((false, 7), Result(found));
        Assert.EndsWith("the chain was replaced", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_EverythingReplacedEverywhere_IsFoundByAKeptHash()
    {
        foreach (var store in new[] { _control, _mirror })
        {
            foreach (var entry in Forged())
            {
                await store.TryCreateAsync(Key(entry.Sequence), entry, default);
            }

            await store.TryCreateAsync(EvidenceAnchor.Key(RunId), EvidenceAnchor.Of(Forged())!, default); // it is sealed
        }

        Assert.True((await VerifyAsync()).IsIntact); // as the design says: who owns both regions owns the record
        Assert.Equal((false, 7), Result(await VerifyAsync(_journal[^1].Hash)));
    }

    [Fact]
    public async Task Verify_AMirrorThatIsGone_IsIntactAndSaysWhatItDoesNotKnow()
    {
        await FillAsync();

        var found = EvidenceVerification.Verify(await CollectAsync(new GoneStore()));

        Assert.True(found.IsIntact);
        Assert.Equal(["control"], found.Anchored);
        Assert.Equal(["mirror could not be read: DocumentStoreUnavailable: gone"], found.Notes);
    }

    [Fact]
    public async Task Verify_AMirrorThatLagsBehind_IsIntactAndSaysSo()
    {
        await FillAsync();
        await DeleteAsync(_mirror, Key(7));
        await DeleteAsync(_mirror, EvidenceAnchor.Key(RunId));

        var found = await VerifyAsync();

        Assert.True(found.IsIntact);
        Assert.Equal(["mirror holds no anchor", "mirror holds 7 of 8 entries"], found.Notes);
    }

    [Fact]
    public async Task Verify_ARunThatGoesOn_IsNotIntactYet()
    {
        foreach (var entry in _journal.Take(5))
        {
            await _control.TryCreateAsync(Key(entry.Sequence), entry, default);
        }

        var found = await VerifyAsync();

        Assert.Equal((false, 5), Result(found));
        Assert.Equal("the journal has no end: entries are missing, or the run is not over", found.Detail);
    }

    [Fact]
    public void Verify_TheEvidenceOfAnotherRun_IsNotIntact() =>
        Assert.Equal((false, 0), Result(EvidenceVerification.Verify(new RunEvidence("shop-run-2", _journal))));

    [Fact]
    public async Task Collect_ARunThatIsNot_IsNothing() => Assert.Null(await new EvidenceArchive(new DocumentReplicas([new("control", _control)])).CollectAsync("nobody", default));

    [Fact]
    public async Task Anchor_OfASealedJournal_IsWrittenOnceAndOfAnOpenOneNever()
    {
        var journal = new RunJournal(_control);
        await _control.TryCreateAsync(Key(0), _journal[0], default);
        await journal.AnchorAsync(RunId, default);
        Assert.Null(await _control.ReadAsync(EvidenceAnchor.Key(RunId), default));

        foreach (var entry in _journal.Skip(1))
        {
            await _control.TryCreateAsync(Key(entry.Sequence), entry, default);
        }

        await journal.AnchorAsync(RunId, default);
        await journal.AnchorAsync(RunId, default);

        Assert.Equal(EvidenceAnchor.Of(_journal), (await _control.ReadAsync<EvidenceAnchor>(EvidenceAnchor.Key(RunId), default))?.Value);
    }

    private static IReadOnlyList<JournalEntry> Forged() => Samples.Failover(entry => entry with { At = entry.At - TimeSpan.FromHours(1) });

    private static (bool IsIntact, int At) Result(EvidenceFinding found) => (found.IsIntact, found.At);

    private static string Key(int sequence) => $"runs/{RunId}/journal/{sequence:D6}";

    private async Task<EvidenceFinding> VerifyAsync(string? kept = null) => EvidenceVerification.Verify(await CollectAsync(_mirror), kept);

    private async Task<RunEvidence> CollectAsync(IDocumentStore mirror) =>
        await new EvidenceArchive(new DocumentReplicas([new("control", _control), new("mirror", mirror)])).CollectAsync(RunId, default)
            ?? throw new InvalidOperationException("There is a run.");

    private async Task FillAsync()
    {
        foreach (var store in new[] { _control, _mirror })
        {
            foreach (var entry in _journal)
            {
                await ReplaceAsync(store, Key(entry.Sequence), entry);
            }

            await ReplaceAsync(store, EvidenceAnchor.Key(RunId), EvidenceAnchor.Of(_journal)!); // it is sealed
        }
    }

    private static async Task ForgeAsync(MemoryDocumentStore store)
    {
        foreach (var entry in Forged())
        {
            await ReplaceAsync(store, Key(entry.Sequence), entry);
        }
    }

    private static async Task ReplaceAsync<T>(MemoryDocumentStore store, string key, T value)
        where T : class => Assert.True(await store.TryWriteAsync(key, value, await store.ReadAsync(key, default) is { } seen ? new Stored<T>(value, seen.ETag) : null, default));

    private static async Task DeleteAsync(MemoryDocumentStore store, string key)
    {
        if (await store.ReadAsync(key, default) is { } seen)
        {
            Assert.True(await store.TryDeleteAsync(key, seen.ETag, default));
        }
    }

    private sealed class GoneStore : IDocumentStore
    {
        public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken) => throw Gone();

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw Gone();

        public Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) => throw Gone();

        public Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken) => throw Gone();

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => throw Gone();

        public IAsyncEnumerable<DocumentVersion> ListVersionsAsync(string prefix, CancellationToken cancellationToken) => throw Gone();

        private static DocumentStoreException Gone() => new("gone", isTransient: true);
    }
}
