using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Fences.WriteLease;

public sealed class WriteLeaseTests
{
    private readonly RecoveryScene _scene = FenceScene.Of(FenceScene.Books);

    private WriteLeaseRecord Record
    {
        get => _scene.Leases.Records[FenceScene.Blob];
        set => _scene.Leases.Records[FenceScene.Blob] = value;
    }

    [Fact]
    public async Task Fence_TakesTheLeaseWaitsAndGivesItAway()
    {
        var fence = FenceScene.Fence(_scene);
        var taken = await fence.AttemptAsync();

        Assert.Equal(("LeaseExpiring", "", "westeurope", 4), (taken.Code, Record.Holder, Record.Leaving, Record.Epoch));
        _scene.Clock.Advance(TimeSpan.FromSeconds(34.5));
        Assert.Equal("LeaseExpiring", (await fence.AttemptAsync()).Code);
        Assert.Equal("", Record.Holder);
        _scene.Clock.Advance(TimeSpan.FromSeconds(1));

        var end = await fence.AttemptAsync();

        Assert.Equal((StepOutcome.Done, "the write lease shop/writers.json is northeurope's, epoch 4; nobody writes in westeurope since 35 s and more"), (end.Outcome, end.Summary));
        Assert.Equal(new WriteLeaseRecord(1, 4, "northeurope", "", 30) { Run = "shop-run-1", RunEpoch = 1 }, Record);
        Assert.Equal(["take shop/writers.json from westeurope", "give shop/writers.json to northeurope"], _scene.Effects);
    }

    /// <summary>Writers of both regions obey the record by their own clocks: whatever the moment, at most one of them may write.</summary>
    [Fact]
    public async Task Fence_WhileWritersRenew_NeverLetsTwoRegionsWrite()
    {
        var writers = new[] { new Writer("westeurope"), new Writer("northeurope") };
        var fence = FenceScene.Fence(_scene);
        var (isDone, both, wrote) = (false, 0, new HashSet<string>());
        for (var second = 0; second < 90; second++)
        {
            _scene.Clock.Advance(TimeSpan.FromSeconds(1));
            foreach (var writer in writers.Where(writer => (second + writer.Region.Length) % 7 == 0))
            {
                writer.Renew(Record, _scene.Clock.GetTimestamp());
            }

            var writing = writers.Where(writer => writer.MayWrite(_scene.Clock.GetTimestamp())).ToList();
            both += writing.Count > 1 ? 1 : 0;
            wrote.UnionWith(writing.Select(writer => writer.Region));
            if (second >= 20 && !isDone)
            {
                isDone = (await fence.AttemptAsync()).Outcome == StepOutcome.Done;
                Assert.False(isDone && writers[0].MayWrite(_scene.Clock.GetTimestamp()));
            }
        }

        Assert.Equal((true, 0), (isDone, both));
        Assert.Equal(["northeurope", "westeurope"], wrote.Order());
    }

    [Fact]
    public async Task Fence_InAnotherProcess_WaitsTheWholeTimeAgain()
    {
        await FenceScene.Fence(_scene).AttemptAsync();
        _scene.Clock.Advance(TimeSpan.FromSeconds(34));
        var other = FenceScene.Fence(_scene); // It remembers nothing of the first one's clock.

        Assert.Equal("LeaseExpiring", (await other.AttemptAsync()).Code);
        _scene.Clock.Advance(TimeSpan.FromSeconds(34));
        Assert.Equal("LeaseExpiring", (await other.AttemptAsync()).Code);
        _scene.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StepOutcome.Done, (await other.AttemptAsync()).Outcome);
        Assert.Equal(2, _scene.Effects.Count);
    }

    [Fact]
    public async Task Fence_OfWritersThatAreToldALongerTime_WaitsForThose()
    {
        Record = Record with { TtlSeconds = 120 };
        var began = _scene.Clock.GetTimestamp();

        Assert.Equal(StepOutcome.Done, (await FenceScene.Fence(_scene).RunAsync()).Outcome);
        Assert.True(_scene.Clock.GetElapsedTime(began) >= TimeSpan.FromSeconds(125));
    }

    [Fact]
    public async Task Fence_ChangedByANewerRun_Fails()
    {
        Record = Record with { Run = "shop-run-9", RunEpoch = 9 };

        var end = await FenceScene.Fence(_scene).RunAsync();

        Assert.Equal((StepOutcome.Failed, "LeaseSuperseded"), (end.Outcome, end.Code));
        Assert.Empty(_scene.Effects);
    }

    [Theory]
    [InlineData(null, "FenceTargetMissing")]
    [InlineData("mars", "LeaseForeign")]
    public async Task Fence_OfNoLeaseOrAForeignOne_Fails(string? holder, string code)
    {
        if (holder is null)
        {
            _scene.Leases.Records.Clear();
        }
        else
        {
            Record = Record with { Holder = holder };
        }

        Assert.Equal(code, (await FenceScene.Fence(_scene).PrecheckAsync()).Code);
        Assert.Equal((StepOutcome.Failed, code), (await FenceScene.Fence(_scene).RunAsync()) is var end ? (end.Outcome, end.Code) : default);
        Assert.Empty(_scene.Effects);
    }

    [Fact]
    public async Task Undo_AfterItWasGivenAway_TakesItBackAsSlowly()
    {
        var fence = FenceScene.Fence(_scene);
        await fence.RunAsync();
        var began = _scene.Clock.GetTimestamp();

        Assert.Equal(StepOutcome.Done, (await fence.UndoAsync()).Outcome);

        Assert.True(_scene.Clock.GetElapsedTime(began) >= TimeSpan.FromSeconds(35));
        Assert.Equal(("westeurope", 5), (Record.Holder, Record.Epoch));
        Assert.Equal(["take shop/writers.json from northeurope", "give shop/writers.json to westeurope"], _scene.Effects[2..]);
    }

    [Fact]
    public async Task Undo_BeforeItWasGivenAway_GivesItBackAtOnce()
    {
        var fence = FenceScene.Fence(_scene);
        await fence.AttemptAsync();
        var began = _scene.Clock.GetTimestamp();

        Assert.Equal(StepOutcome.Done, (await fence.UndoAsync()).Outcome);

        Assert.True(_scene.Clock.GetElapsedTime(began) < TimeSpan.FromSeconds(1));
        Assert.Equal("westeurope", Record.Holder);
    }

    [Fact]
    public async Task Undo_OfALeaseThatTheOtherRegionHeldBefore_LeavesIt()
    {
        Record = Record with { Holder = "northeurope" };
        var fence = FenceScene.Fence(_scene);

        Assert.Equal(StepOutcome.Done, (await fence.RunAsync()).Outcome);
        Assert.Equal("the write lease shop/writers.json was not westeurope's before, and stays as it is", (await fence.UndoAsync()).Summary);
        Assert.Empty(_scene.Effects);
    }

    [Fact]
    public async Task Undo_WhileUsersAreElsewhere_LeavesIt()
    {
        var fence = FenceScene.Fence(_scene);
        await fence.RunAsync();
        await _scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-1"), default);

        Assert.Equal("RegionNotActive", (await fence.UndoAsync()).Code);
        Assert.Equal("northeurope", Record.Holder);
    }

    /// <summary>What the contract asks of an application's writer.</summary>
    private sealed class Writer(string region)
    {
        private long? _until;

        public string Region => region;

        public void Renew(WriteLeaseRecord seen, long sentAt) =>
            _until = seen.Holder == region ? sentAt + (long)(seen.TtlSeconds * TimeSpan.TicksPerSecond) : _until;

        public bool MayWrite(long now) => now < _until;
    }
}
