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

        var first = await journal.AppendAsync(Samples.Draft(0, JournalKind.RunStarted), default);
        var second = await journal.AppendAsync(Samples.Draft(1, JournalKind.StepStarted, 0), default);

        Assert.Equal((JournalEntry.Genesis, first.ComputeHash()), (first.Previous, first.Hash));
        Assert.Equal((first.Hash, second.ComputeHash()), (second.Previous, second.Hash));
        Assert.Equal([first.Hash, second.Hash], (await journal.ReadAsync("shop-run-1", default)).Select(entry => entry.Hash));
        Assert.NotNull(await _documents.ReadAsync("runs/shop-run-1/journal/000001", default));
    }

    [Fact]
    public async Task Append_Twice_KeepsTheFirst()
    {
        var journal = new RunJournal(_documents);
        var first = await journal.AppendAsync(Samples.Draft(0, JournalKind.RunStarted), default);

        var again = await journal.AppendAsync(Samples.Draft(0, JournalKind.RunStarted) with { At = MovableClock.Start + TimeSpan.FromHours(1) }, default);

        Assert.Equal((first.Hash, MovableClock.Start), (again.Hash, again.At));
    }

    [Fact]
    public async Task Append_WithoutTheEntryBefore_IsAGap()
    {
        var exception = await Assert.ThrowsAsync<RecoveryException>(
            () => new RunJournal(_documents).AppendAsync(Samples.Draft(3, JournalKind.StepStarted, 1), default));

        Assert.Equal(
            ("JournalGap", "The journal of 'shop-run-1' has no entry 2, so 3 cannot be appended.", false),
            (exception.Code, exception.Message, exception.IsTransient));
    }

    [Theory]
    [InlineData(JournalKind.StepCompleted, 0, JournalKind.StepFailed, 0, true)]
    [InlineData(JournalKind.StepFailed, 0, JournalKind.StepCompleted, 0, true)]
    [InlineData(JournalKind.StepStarted, 1, JournalKind.RunEnded, null, true)]
    [InlineData(JournalKind.RunEnded, null, JournalKind.StepStarted, 1, true)]
    [InlineData(JournalKind.StepStarted, 1, JournalKind.StepStarted, 2, false)]
    [InlineData(JournalKind.StepStarted, 1, JournalKind.StepCompleted, 1, false)]
    [InlineData(JournalKind.StepCompleted, 1, JournalKind.RunEnded, null, false)]
    [InlineData(JournalKind.RunStarted, null, JournalKind.RunEnded, null, false)]
    public async Task Append_WhereAnotherStands_GivesThatOneOrIsAConflict(
        JournalKind standing, int? standingStep, JournalKind draft, int? draftStep, bool isFine)
    {
        var journal = new RunJournal(_documents);
        await journal.AppendAsync(Samples.Draft(0, JournalKind.RunStarted), default);
        var stands = await journal.AppendAsync(Samples.Draft(1, standing, standingStep), default);

        if (isFine)
        {
            Assert.Equal(stands.Hash, (await journal.AppendAsync(Samples.Draft(1, draft, draftStep), default)).Hash);
            return;
        }

        var exception = await Assert.ThrowsAsync<RecoveryException>(() => journal.AppendAsync(Samples.Draft(1, draft, draftStep), default));
        Assert.Equal(("JournalConflict", $"The journal of 'shop-run-1' has {standing} at 1, where {draft} belongs."), (exception.Code, exception.Message));
    }

    [Fact]
    public async Task Append_ManyAtOnce_AllGetTheOneThatStands()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var scene = new RecoveryScene();
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;
            var hashes = new List<string?>();

            await interleaving.RunAsync([.. Enumerable.Range(0, 4).Select<int, Func<Task>>(n => async () =>
            {
                await scene.Journal.AppendAsync(Samples.Draft(0, JournalKind.RunStarted) with { At = MovableClock.Start + TimeSpan.FromSeconds(n) }, default);
                hashes.Add((await scene.Journal.AppendAsync(Samples.Draft(1, JournalKind.RunEnded) with { At = MovableClock.Start + TimeSpan.FromSeconds(n) }, default)).Hash);
            })]);

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            Assert.Single(hashes.Distinct());
            Assert.True(EvidenceChain.Verify(await scene.Journal.ReadAsync("shop-run-1", default)).IsIntact);
        }
    }

    [Fact]
    public async Task Append_AfterAnEntryThatLostItsHash_LeavesTheDamageToBeFound()
    {
        var journal = new RunJournal(_documents);
        var damaged = Samples.Draft(0, JournalKind.RunStarted) with { Hash = null };
        await _documents.TryCreateAsync("runs/shop-run-1/journal/000000", damaged, default);

        await journal.AppendAsync(Samples.Draft(1, JournalKind.RunEnded), default);

        var check = EvidenceChain.Verify(await journal.ReadAsync("shop-run-1", default));
        Assert.Equal(new EvidenceCheck(false, 0, "entry 0 was changed: its hash does not match its content"), check);
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
}
