using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Journal;

public sealed class RunJournalTests
{
    private readonly MemoryDocumentStore _documents = new();

    [Fact]
    public async Task Append_ChainsEachEntryToTheOneBefore()
    {
        var journal = new RunJournal(_documents);

        var first = await AppendAsync(journal, [], JournalKind.RunStarted);
        var both = await AppendAsync(journal, first!, JournalKind.StepStarted, 0);

        Assert.Equal((JournalEntry.Genesis, both![0].ComputeHash()), (both[0].Previous, both[0].Hash));
        Assert.Equal((both[0].Hash, both[1].ComputeHash()), (both[1].Previous, both[1].Hash));
        Assert.Equal([0, 1], both.Select(entry => entry.Sequence));
        Assert.Equal(both.Select(entry => entry.Hash), (await journal.ReadAsync("shop-run-1", default)).Select(entry => entry.Hash));
        Assert.Equal(both.Select(entry => entry.Hash), (await new RunJournal(_documents).ReadAsync("shop-run-1", default)).Select(entry => entry.Hash));
        Assert.NotNull(await _documents.ReadAsync("runs/shop-run-1/journal/000001", default));
    }

    [Fact]
    public async Task Append_WhereAnotherEntryStands_ChangesNothing()
    {
        var (ours, theirs) = (new RunJournal(_documents), new RunJournal(_documents));
        var read = await AppendAsync(ours, [], JournalKind.RunStarted);
        var stands = await AppendAsync(theirs, await theirs.ReadAsync("shop-run-1", default), JournalKind.StepStarted, 0);

        Assert.Null(await AppendAsync(ours, read!, JournalKind.RunEnded));

        Assert.Equal(stands!.Select(entry => entry.Hash), (await ours.ReadAsync("shop-run-1", default)).Select(entry => entry.Hash));
    }

    [Fact]
    public async Task Append_ByAClockThatIsBehind_DoesNotHappenBeforeWhatItFollows()
    {
        var journal = new RunJournal(_documents);
        var first = await journal.TryAppendAsync("shop-run-1", [], JournalDraft.Of(JournalKind.RunStarted, null), MovableClock.Start, default);

        var both = await journal.TryAppendAsync(
            "shop-run-1", first!, JournalDraft.Of(JournalKind.StepStarted, 0), MovableClock.Start.AddMinutes(-10), default);
        var three = await journal.TryAppendAsync(
            "shop-run-1", both!, JournalDraft.Of(JournalKind.RunEnded, null), MovableClock.Start.AddSeconds(1), default);

        Assert.Equal([MovableClock.Start, MovableClock.Start, MovableClock.Start.AddSeconds(1)], three!.Select(entry => entry.At));
        var check = EvidenceChain.Verify(three!);
        Assert.True(check.IsIntact, check.Detail);
    }

    [Fact]
    public async Task Append_BehindTheEnd_ChangesNothing()
    {
        var journal = new RunJournal(_documents);
        var sealedOne = await AppendAsync(journal, (await AppendAsync(journal, [], JournalKind.RunStarted))!, JournalKind.RunEnded);

        Assert.Null(await AppendAsync(journal, sealedOne!, JournalKind.StepStarted, 0));

        Assert.Null(await _documents.ReadAsync("runs/shop-run-1/journal/000002", default));
    }

    [Fact]
    public async Task Append_ManyAtOnce_OneWinsEachPlace()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var scene = new RecoveryScene();
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;
            var won = new List<int>();

            await interleaving.RunAsync([.. Enumerable.Range(0, 4).Select<int, Func<Task>>(n => async () =>
            {
                var journal = new RunJournal(scene.Documents);
                for (var entries = await journal.ReadAsync("shop-run-1", default); entries.Count < 5;)
                {
                    var appended = await AppendAsync(journal, entries, entries.Count == 4 ? JournalKind.RunEnded : JournalKind.RunPaused);
                    won.AddRange(appended is null ? [] : [appended.Count]);
                    entries = appended ?? await journal.ReadAsync("shop-run-1", default);
                }
            })]);

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            Assert.Equal([1, 2, 3, 4, 5], won.Order());
            Assert.True(EvidenceChain.Verify(await scene.Journal.ReadAsync("shop-run-1", default)).IsIntact);
        }
    }

    [Fact]
    public async Task Append_AfterAnEntryThatLostItsHash_LeavesTheDamageToBeFound()
    {
        var journal = new RunJournal(_documents);
        var damaged = Samples.Draft(0, JournalKind.RunStarted) with { Hash = null };
        await _documents.TryCreateAsync("runs/shop-run-1/journal/000000", damaged, default);

        await AppendAsync(journal, await journal.ReadAsync("shop-run-1", default), JournalKind.RunEnded);

        var check = EvidenceChain.Verify(await journal.ReadAsync("shop-run-1", default));
        Assert.Equal(new EvidenceCheck(false, 0, "entry 0 was changed: its hash does not match its content"), check);
    }

    [Fact]
    public async Task Read_Again_AsksOnlyForWhatIsNew()
    {
        var scene = new RecoveryScene();
        var entries = await AppendAsync(scene.Journal, [], JournalKind.RunStarted);
        var calls = new List<string>();
        scene.Interception.Around = (call, moment) =>
        {
            calls.AddRange(moment == Moment.Before ? [call] : []);
            return Task.CompletedTask;
        };

        await scene.Journal.ReadAsync("shop-run-1", default);
        await AppendAsync(scene.Journal, entries!, JournalKind.RunEnded);
        await scene.Journal.ReadAsync("shop-run-1", default);

        Assert.Equal(["Read runs/shop-run-1/journal/000001", "TryCreate runs/shop-run-1/journal/000001"], calls);
    }

    [Fact]
    public async Task ReadStored_AnEntryWasChangedBehindOurBack_ShowsTheChange()
    {
        var journal = new RunJournal(_documents);
        var entries = await AppendAsync(journal, (await AppendAsync(journal, [], JournalKind.RunStarted))!, JournalKind.RunEnded);
        var stored = await _documents.ReadAsync("runs/shop-run-1/journal/000001", default);
        await _documents.TryReplaceAsync("runs/shop-run-1/journal/000001", DocumentJson.Write(entries![1] with { At = MovableClock.Start }), stored!.ETag, default);

        Assert.True(EvidenceChain.Verify(await journal.ReadAsync("shop-run-1", default)).IsIntact);
        Assert.Equal((false, 1), (EvidenceChain.Verify(await journal.ReadStoredAsync("shop-run-1", default)) is var check ? (check.IsIntact, check.At) : default));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"schema":1,"runId":"r","sequence":0,"kind":"runStarted","at":"2026-03-01T03:00:00+00:00","facts":null,"previous":""}""")]
    [InlineData("""{"schema":1,"runId":"r","sequence":0,"kind":"other","at":"2026-03-01T03:00:00+00:00","facts":{},"previous":""}""")]
    [InlineData("""{"schema":1,"runId":"r","sequence":0,"kind":0,"at":"2026-03-01T03:00:00+00:00","facts":{},"previous":""}""")]
    [InlineData("""{"schema":1,"runId":"r","sequence":0,"kind":"runStarted","facts":{},"previous":""}""")]
    public async Task Read_ADocumentThatIsNoEntry_NamesIt(string content)
    {
        await _documents.TryCreateAsync("runs/r/journal/000000", Encoding.UTF8.GetBytes(content), default);

        var exception = await Assert.ThrowsAsync<RecoveryException>(() => new RunJournal(_documents).ReadAsync("r", default));

        Assert.Equal("DocumentUnreadable", exception.Code);
        Assert.StartsWith("The document 'runs/r/journal/000000' is not a readable JournalEntry: ", exception.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<JournalEntry>?> AppendAsync(
        RunJournal journal, IReadOnlyList<JournalEntry> read, JournalKind kind, int? step = null) => journal.TryAppendAsync(
        "shop-run-1", read, JournalDraft.Of(kind, step), MovableClock.Start + TimeSpan.FromSeconds(10 * (read.Count + 1)), default);
}
