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
        await Take(200);
        _time.Advance(TimeSpan.FromHours(1));

        var turns = Enumerable.Range(0, 201).Select(_ => Turn("PUT", Path)).ToList();

        Assert.Equal(200, turns.Count(turn => turn.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task Wait_OtherKindsAndSubscriptions_DoNotWaitForEachOther()
    {
        await Take(200);

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
        await Take(200);
        using var cancel = new CancellationTokenSource();
        var turn = _budget.WaitAsync("PUT", Path, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
    }

    private Task Turn(string method, string path) => _budget.WaitAsync(method, path, default).AsTask();

    private async Task Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _budget.WaitAsync("PUT", Path, default);
        }
    }
}
