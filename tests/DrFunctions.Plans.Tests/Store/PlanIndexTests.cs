using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Documents;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Plans.Tests.Store;

public sealed class PlanIndexTests
{
    private readonly Interception _interception = new();
    private readonly List<string> _calls = [];
    private readonly InterceptedDocumentStore _documents;
    private readonly PlanIndex _index;

    public PlanIndexTests()
    {
        _documents = new InterceptedDocumentStore(_interception);
        _index = new PlanIndex(_documents, AProcess());
        _interception.Around = NoteAsync;
    }

    [Fact]
    public async Task Read_SeveralPlans_GivesThemInOrder()
    {
        await ApplyAsync("b");
        await ApplyAsync("a");

        var plans = (await _index.ReadAsync(default)).Plans;

        Assert.Equal(["a v000001 a", "b v000001 b"], plans.Select(one => $"{one.Workload} {one.Version} {one.Plan.Workload}"));
    }

    [Fact]
    public async Task Read_NothingChanged_IsOneListing()
    {
        await ApplyAsync("a");
        await ApplyAsync("b");
        await _index.ReadAsync(default);
        _calls.Clear();

        Assert.Equal(2, (await _index.ReadAsync(default)).Plans.Count);

        Assert.Equal(["List plans/"], _calls);
    }

    [Fact]
    public async Task Read_OnePlanChangedByAnotherProcess_ReadsThatAlone()
    {
        await ApplyAsync("a");
        await ApplyAsync("b");
        await _index.ReadAsync(default);
        await ApplyAsync("b", "dwell: 44s");
        _calls.Clear();

        var plans = (await _index.ReadAsync(default)).Plans;

        Assert.Equal(["v000001 30", "v000002 44"], plans.Select(one => $"{one.Version} {one.Plan.Incidents.Dwell.TotalSeconds}"));
        Assert.Equal(["List plans/", "Read plans/b/current", "Read plans/b/versions/v000002"], _calls);
    }

    [Fact]
    public async Task Read_ManyWhileALookIsUnderWay_ShareTheNextOne()
    {
        await ApplyAsync("a");
        var listing = HoldBack("List plans/", Moment.After);
        var first = _index.ReadAsync(default);
        await listing.Reached;

        var others = Enumerable.Range(0, 50).Select(_ => _index.ReadAsync(default)).ToList();
        listing.Release();

        await Task.WhenAll([first, .. others]);
        Assert.Equal(2, _calls.Count(call => call == "List plans/"));
    }

    [Fact]
    public async Task Read_AppliedAfterALookHasListed_IsInTheAnswerOfWhoeverAsksThen()
    {
        var listing = HoldBack("List plans/", Moment.After);
        var early = _index.ReadAsync(default);
        await listing.Reached;
        await ApplyAsync("late");
        var asked = _index.ReadAsync(default);
        listing.Release();

        Assert.Empty((await early).Plans);
        Assert.Equal("late", Assert.Single((await asked).Plans).Workload);
    }

    [Fact]
    public async Task Read_PlansThatCannotBeRead_HideNobodyAndAreReadUntilTheyCan()
    {
        await ApplyAsync("good");
        await _documents.TryCreateAsync("plans/pointerless/current", "{"u8.ToArray(), default);
        await _documents.TryCreateAsync("plans/versionless/current", """{"schema":1,"version":"v000009"}"""u8.ToArray(), default);
        await _documents.TryCreateAsync(
            "plans/invalid/versions/v000001", new StoredPlan(1, "invalid", "v000001", MovableClock.Start, "workload: ["), default);
        await _documents.TryCreateAsync("plans/invalid/current", """{"schema":1,"version":"v000001"}"""u8.ToArray(), default);

        var seen = await _index.ReadAsync(default);
        Assert.Equal("good", Assert.Single(seen.Plans).Workload);
        Assert.Equal(
            ["invalid v000001 PlanUnreadable", "pointerless  DocumentUnreadable", "versionless v000009 PlanNotFound"],
            seen.Damaged.Select(one => $"{one.Workload} {one.Version} {one.Why.Code}"));

        // The version's document is brought back from the mirror; the pointer is as it was.
        await _documents.TryCreateAsync(
            "plans/versionless/versions/v000009", new StoredPlan(1, "versionless", "v000009", MovableClock.Start, Yaml("versionless")), default);
        seen = await _index.ReadAsync(default);
        Assert.Equal(["good", "versionless"], seen.Plans.Select(one => one.Workload));
        Assert.Equal(["invalid", "pointerless"], seen.Damaged.Select(one => one.Workload));
    }

    [Fact]
    public async Task Read_StoreIsGone_FailsAndKnowsNothingWrongAfterwards()
    {
        await ApplyAsync("a");
        await ApplyAsync("b");
        _interception.Around = (call, _) => call == "Read plans/b/current" ? throw new DocumentStoreException("gone", isTransient: true) : Task.CompletedTask;
        await Assert.ThrowsAsync<DocumentStoreException>(() => _index.ReadAsync(default));

        _interception.Around = NoteAsync;

        Assert.Equal(["a", "b"], (await _index.ReadAsync(default)).Plans.Select(one => one.Workload));
    }

    [Fact]
    public async Task Read_OneCallerGivesUp_TheOthersAreAnswered()
    {
        await ApplyAsync("a");
        var listing = HoldBack("List plans/", Moment.Before);
        using var patience = new CancellationTokenSource();
        var impatient = _index.ReadAsync(patience.Token);
        await listing.Reached;

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        var patient = _index.ReadAsync(default);
        listing.Release();

        Assert.Single((await patient).Plans);
    }

    [Fact]
    public async Task Read_BesideProcessesThatApply_NeverMissesAPlanWhoseApplicationWasAnswered()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            var (workload, process) = ($"w{number % 4}", AProcess());
            for (var round = 1; round <= 10; round++)
            {
                var applied = await process.ApplyAsync(Yaml(workload, $"dwell: {(number * 10) + round}s"), workload, default);

                var seen = (await _index.ReadAsync(default)).Plans.Single(one => one.Workload == workload);

                Assert.True(string.CompareOrdinal(seen.Version, applied.Version) >= 0, $"{workload}: {seen.Version} is older than {applied.Version}.");
            }
        })));
    }

    private static string Yaml(string workload, string dwell = "dwell: 30s") => Sample.Whole
        .Replace("workload: shop", $"workload: {workload}", StringComparison.Ordinal)
        .Replace("dwell: 30s", dwell, StringComparison.Ordinal);

    private PlanStore AProcess() => new(_documents, new MovableClock());

    private Task<AppliedPlan> ApplyAsync(string workload, string dwell = "dwell: 30s") => AProcess().ApplyAsync(Yaml(workload, dwell), workload, default);

    private Task NoteAsync(string call, Moment moment)
    {
        lock (_calls)
        {
            if (moment == Moment.Before)
            {
                _calls.Add(call);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Holds the first such call back.</summary>
    private Held HoldBack(string name, Moment at)
    {
        var held = new Held();
        _interception.Around = async (call, moment) =>
        {
            await NoteAsync(call, moment);
            if (call == name && moment == at && held.TryReach())
            {
                await held.Released;
            }
        };
        return held;
    }

    private sealed class Held
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public Task Released => _released.Task;

        public bool TryReach() => _reached.TrySetResult();

        public void Release() => _released.SetResult();
    }
}
