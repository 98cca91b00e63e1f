using DrFunctions.Cloud.ResourceManager.Budget;
using DrFunctions.Recovery;
using DrFunctions.Simulator.Tests;

namespace DrFunctions.Cloud.Tests.ResourceManager.Budget;

public sealed class RequestBudgetTests
{
    private const string Path = "/subscriptions/S/resourceGroups/shop/providers/Microsoft.Web/sites/a";
    private readonly VirtualTime _time = new();
    private readonly RequestBudget _budget;

    public RequestBudgetTests() => _budget = new RequestBudget(_time, TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData("PUT", 200, 10)]
    [InlineData("POST", 200, 10)]
    [InlineData("DELETE", 200, 10)]
    [InlineData("GET", 250, 25)]
    public async Task Wait_ManyAtOnce_GoAsFastAsIsAllowedInTheirOrder(string method, int capacity, int perSecond)
    {
        var turns = Enumerable.Range(0, capacity + (perSecond * 3)).Select(_ => Turn(method, Path)).ToList();

        for (var second = 0; second <= 3; second++)
        {
            Assert.Equal(capacity + (perSecond * second), turns.Count(turn => turn.IsCompleted));
            Assert.All(turns.Take(capacity + (perSecond * second)), turn => Assert.True(turn.IsCompleted));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task Wait_TurnTooFarOff_IsRefusedAtOnceAndTakesNoTurn()
    {
        var turns = Enumerable.Range(0, 500).Select(_ => Turn("PUT", Path)).ToList();

        var refusal = await Assert.ThrowsAsync<RecoveryException>(() => Turn("PUT", Path));

        Assert.Equal(("Throttled", true, TimeSpan.FromSeconds(30.1)), (refusal.Code, refusal.IsTransient, refusal.RetryAfter));
        _time.Advance(TimeSpan.FromSeconds(30));
        await Task.WhenAll(turns);
        var next = Turn("PUT", Path);
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await next;
    }

    [Fact]
    public async Task Wait_AfterRest_HasNoMoreThanTheBucketHolds()
    {
        await TakeAsync("PUT", 200);
        _time.Advance(TimeSpan.FromHours(1));

        var turns = Enumerable.Range(0, 201).Select(_ => Turn("PUT", Path)).ToList();

        Assert.Equal(200, turns.Count(turn => turn.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task Wait_OtherKindsAndSubscriptions_DoNotWaitForEachOther()
    {
        await TakeAsync("PUT", 200);

        Assert.True(Turn("GET", Path).IsCompleted);
        Assert.True(Turn("DELETE", Path).IsCompleted);
        Assert.True(Turn("PUT", "/subscriptions/t/x").IsCompleted);
        Assert.True(Turn("PUT", "/providers/x").IsCompleted);
        Assert.False(Turn("PUT", "/Subscriptions/s").IsCompleted);
    }

    [Fact]
    public async Task Hold_ServiceRefused_NothingIsSentUntilThen()
    {
        _budget.Hold("PUT", Path, TimeSpan.FromSeconds(20));
        _budget.Hold("PUT", Path, TimeSpan.FromSeconds(5));

        var turn = Turn("PUT", Path);

        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(turn.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await turn;
    }

    [Fact]
    public async Task Wait_Cancelled_EndsAtOnce()
    {
        await TakeAsync("PUT", 200);
        using var cancel = new CancellationTokenSource();
        var turn = _budget.WaitAsync("PUT", Path, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
    }

    [Fact]
    public async Task Hold_ServiceRefused_IsAnEmptyBucket()
    {
        _budget.Hold("PUT", Path, TimeSpan.FromSeconds(2));

        var turns = Enumerable.Range(0, 25).Select(_ => Turn("PUT", Path)).ToList();

        foreach (var (seconds, sent) in new[] { (2.0, 20), (0.1, 21), (0.4, 25) })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(sent, turns.Count(turn => turn.IsCompleted));
        }

        await Task.WhenAll(turns);
    }

    [Theory]
    [InlineData("GET", 250, 25)]
    [InlineData("PUT", 200, 10)]
    public Task WaitInBackground_NobodyElse_HasAFifthAtOnceThenAllThatComesBack(string method, int capacity, int perSecond) => InNoContextAsync(async () =>
    {
        var turns = Enumerable.Range(0, (capacity / 5) + (perSecond * 3)).Select(_ => Background(method)).ToList();

        for (var second = 0; second <= 3; second++)
        {
            Assert.Equal((capacity / 5) + (perSecond * second), turns.Count(turn => turn.IsCompleted));
            Assert.All(turns.Take((capacity / 5) + (perSecond * second)), turn => Assert.True(turn.IsCompleted));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Task.WhenAll(turns);
    });

    [Fact]
    public void Wait_BehindBackgroundWorkThatWaits_HasTheReserveAtOnce()
    {
        var waiting = Enumerable.Range(0, 500).Select(_ => Background("GET")).ToList();
        Assert.Equal(50, waiting.Count(turn => turn.IsCompleted));

        var runs = Enumerable.Range(0, 200).Select(_ => Turn("GET", Path)).ToList();

        Assert.All(runs, turn => Assert.True(turn.IsCompleted));
        Assert.False(Turn("GET", Path).IsCompleted);
    }

    [Fact]
    public Task WaitInBackground_RunsTakeAllThatComesBack_HasATenthAndNoMoreAndBothKeepWithinTheLimit() => InNoContextAsync(async () =>
    {
        await TakeAsync("GET", 250);
        var runs = Enumerable.Range(0, 100).Select(_ => Turn("GET", Path)).ToList(); // a line of four seconds
        var waiting = Enumerable.Range(0, 60).Select(_ => Background("GET")).ToList();

        for (var tick = 1; tick <= 200; tick++)
        {
            // 25 a second, for twenty seconds: as many as come back.
            runs.AddRange(Enumerable.Range(0, 2 + (tick % 2)).Select(_ => Turn("GET", Path)));
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.InRange(runs.Concat(waiting).Count(turn => turn.IsCompleted), 0, (int)(tick * 2.5) + 1);
        }

        // The line grew by what was given away, and is behind by that.
        Assert.InRange(waiting.Count(turn => turn.IsCompleted), 34, 40);
        Assert.Equal(waiting, waiting.OrderBy(turn => !turn.IsCompleted)); // first come, first served
        Assert.InRange(runs.Concat(waiting).Count(turn => turn.IsCompleted), 495, 501);
    });

    [Fact]
    public Task WaitInBackground_ATurnThatDoesNotCome_IsRefusedWhenItHasWaitedLongEnough() => InNoContextAsync(async () =>
    {
        _budget.Hold("GET", Path, TimeSpan.FromMinutes(1));
        var turns = new[] { Background("GET"), Background("GET") };

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.All(turns, turn => Assert.False(turn.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(1));

        foreach (var turn in turns)
        {
            var refusal = await Assert.ThrowsAsync<RecoveryException>(() => turn);
            Assert.Equal(("Throttled", true, TimeSpan.FromSeconds(30)), (refusal.Code, refusal.IsTransient, refusal.RetryAfter));
        }

        _time.Advance(TimeSpan.FromSeconds(30));
        await Background("GET"); // whoever gave up holds up nobody
    });

    [Fact]
    public Task WaitInBackground_Cancelled_EndsAtOnceAndTheNextIsServed() => InNoContextAsync(async () =>
    {
        await TakeAsync("GET", 250);
        using var cancel = new CancellationTokenSource();
        var gone = Background("GET", cancel.Token);
        var next = Background("GET");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _time.Advance(TimeSpan.FromSeconds(0.4));
        await next;
    });

    // There, what waits for a timer goes on within the call that moves the clock.
    private static Task InNoContextAsync(Func<Task> test) => Task.Run(test);

    private Task<bool> Background(string method, CancellationToken cancellationToken = default) => BackgroundWork.RunAsync(async () =>
    {
        await _budget.WaitAsync(method, Path, cancellationToken);
        return true;
    });

    private async Task TakeAsync(string method, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _budget.WaitAsync(method, Path, default);
        }
    }

    private Task Turn(string method, string path) => _budget.WaitAsync(method, path, default).AsTask();
}
