using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class StandbyAppsTests
{
    private readonly MovableClock _clock = new();
    private readonly FakeWebApps _apps;
    private readonly StandbyApps _standby;
    private readonly ResourceId _app = Builders.APlan().Build().Secondary.WebApp;
    private int _asked;

    public StandbyAppsTests()
    {
        var interception = new Interception();
        interception.Around = (_, moment) =>
        {
            _asked += moment == Moment.Before ? 1 : 0;
            return Task.CompletedTask;
        };
        _apps = new FakeWebApps(interception, []) { States = { [_app] = "Stopped" } };
        _standby = new StandbyApps(_apps, _clock);
    }

    [Fact]
    public async Task Read_AgainWithinMemory_AsksOnce()
    {
        Assert.Equal("Stopped", await _standby.ReadStateAsync(_app, default));
        _clock.Advance(StandbyApps.Memory - TimeSpan.FromSeconds(1));
        Assert.Equal("Stopped", await _standby.ReadStateAsync(_app, default));
        Assert.Equal(1, _asked);

        _apps.States[_app] = "Running";
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("Running", await _standby.ReadStateAsync(_app, default));
    }

    [Fact]
    public async Task Read_AppThatIsNotThere_IsAskedForAgain()
    {
        _apps.States.Clear();
        Assert.Null(await _standby.ReadStateAsync(_app, default));
        _apps.States[_app] = "Stopped";

        Assert.Equal("Stopped", await _standby.ReadStateAsync(_app, default));
    }

    [Fact]
    public async Task Read_AppThatHasGone_IsToldOnceMemoryIsOver()
    {
        await _standby.ReadStateAsync(_app, default);
        _apps.States.Clear();
        _clock.Advance(StandbyApps.Memory);

        Assert.Null(await _standby.ReadStateAsync(_app, default));
    }
}
