using DrFunctions.Simulator.Requests;

namespace DrFunctions.Simulator.Tests.Requests;

public class RequestLogTests
{
    private readonly RequestLog _log = new();

    [Fact]
    public void Add_BeyondTheBound_ForgetsTheOldestAndCountsThem()
    {
        for (var i = 0; i < RequestLog.Capacity + 5; i++)
        {
            _log.Add(Request("web/a"));
        }

        Assert.Equal((RequestLog.Capacity, 5), _log.Counts);
        var page = _log.Read(new());
        Assert.Equal((RequestLog.Capacity, 6, 5), (page.Requests.Count, page.Requests[0].Sequence, page.Dropped));
        Assert.Equal(RequestLog.Capacity + 5, page.Next);
    }

    [Fact]
    public void Read_PageByPage_MissesNothing()
    {
        for (var i = 0; i < 5; i++)
        {
            _log.Add(Request(i % 2 == 0 ? "web/a" : "dns"));
        }

        var first = _log.Read(new() { Limit = 2, Wire = "web" });
        var second = _log.Read(new() { Limit = 2, Wire = "web", After = first.Next });
        var third = _log.Read(new() { Wire = "web", After = second.Next });

        Assert.Equal([1, 2], first.Requests.Select(request => request.Sequence));
        Assert.Equal([3], second.Requests.Select(request => request.Sequence));
        Assert.Empty(third.Requests);
        Assert.Equal(5, third.Next);
    }

    [Fact]
    public void Read_OnFromBeforeAReset_BeginsAnew()
    {
        _log.Add(Request("dns"));
        _log.Add(Request("dns"));
        var before = _log.Read(new());
        _log.Clear();
        _log.Add(Request("web/a"));

        var page = _log.Read(new() { After = before.Next });

        Assert.Equal("web/a", Assert.Single(page.Requests).Wire);
        Assert.Equal(1, page.Next);
    }

    [Fact]
    public void Read_SameMoment_IsInTheSameOrderInEveryRun()
    {
        _log.Add(Request("web/b"));
        _log.Add(Request("web/a"));

        Assert.Equal(["web/a", "web/b"], _log.Read(new()).Requests.Select(request => request.Wire));
    }

    [Fact]
    public void Read_Filtered_TakesWhatItNames()
    {
        _log.Add(Request("web/a") with { Method = "GET", Path = "/one", Status = 200 });
        _log.Add(Request("web/a") with { Method = "PUT", Path = "/two", Status = 500, Fault = "f" });
        _log.Add(Request("probe/p/e") with { Probe = true, Path = "/one" });

        Assert.Equal(2, Count(new() { Wire = "web" }));
        Assert.Equal(0, Count(new() { Wire = "we" }));
        Assert.Equal(1, Count(new() { Method = "put" }));
        Assert.Equal(2, Count(new() { Path = "ONE$" }));
        Assert.Equal(1, Count(new() { Status = 500 }));
        Assert.Equal(1, Count(new() { Fault = "F" }));
        Assert.Equal(1, Count(new() { Probe = true }));
        Assert.Equal(2, Count(new() { Probe = false }));
        Assert.Throws<ArgumentException>(() => Count(new() { Path = "(" }));
        Assert.Throws<ArgumentException>(() => Count(new() { Limit = 0 }));

        int Count(RequestFilter filter) => _log.Read(filter).Requests.Count;
    }

    [Fact]
    public async Task ReadAsync_NotYetThere_WaitsForIt()
    {
        using var patience = new CancellationTokenSource(Simulation.Patience);
        var waiting = _log.ReadAsync(new() { Method = "PUT" }, 2, patience.Token);
        _log.Add(Request("dns"));
        _log.Add(Request("dns") with { Method = "PUT" });
        Assert.False(waiting.IsCompleted);

        _log.Add(Request("dns") with { Method = "PUT" });

        Assert.Equal(2, (await waiting).Requests.Count);
    }

    private static LoggedRequest Request(string wire) => new()
    {
        Wire = wire,
        Sequence = 0,
        Time = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
        Method = "GET",
        Path = "/",
    };
}
