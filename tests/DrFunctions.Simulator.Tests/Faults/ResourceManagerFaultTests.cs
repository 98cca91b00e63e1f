using System.Net;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Tests.Dns;

namespace DrFunctions.Simulator.Tests.Faults;

public class ResourceManagerFaultTests
{
    private const string Stop = Simulation.SitesPath + "/shop-westeurope/stop";

    [Theory]
    [InlineData(FaultPhase.Before, "Running")]
    [InlineData(FaultPhase.After, "Stopped")]
    public async Task Drop_BeforeOrAfterTheEffect_LosesTheAnswerOnly(FaultPhase phase, string state)
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Method = "post", Path = "/STOP$", Phase = phase, Kind = FaultKind.Drop, Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => simulation.SendAsync("POST", Stop));

        Assert.Equal(state, (await simulation.Control.GetStateAsync()).Sites.Single(site => site.Name == "shop-westeurope").State);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("POST", Stop)).Status);
    }

    [Theory]
    [InlineData(FaultPhase.Before, "Running")]
    [InlineData(FaultPhase.After, "Stopped")]
    public async Task Error_BeforeOrAfterTheEffect_IsAnsweredInsteadOfIt(FaultPhase phase, string state)
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Phase = phase, Kind = FaultKind.Error, Status = 503, Count = 1 });

        var (status, body, response) = await simulation.SendAsync("POST", Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("ServerError", (string?)body!["error"]!["code"]);
        Assert.Equal("service", Assert.Single(response.Headers.GetValues("x-ms-failure-cause")));
        Assert.Equal(state, (await simulation.Control.GetStateAsync()).Sites.Single(site => site.Name == "shop-westeurope").State);
    }

    [Fact]
    public async Task Throttle_TwoRequests_AreToldWhenToComeBack()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Kind = FaultKind.Throttle, RetryAfter = TimeSpan.FromSeconds(17), Count = 2 });

        for (var i = 0; i < 2; i++)
        {
            var (status, body, response) = await simulation.SendAsync("GET", Simulation.ProfilePath);
            Assert.Equal(HttpStatusCode.TooManyRequests, status);
            Assert.Equal("SubscriptionRequestsThrottled", (string?)body!["error"]!["code"]);
            Assert.Equal(TimeSpan.FromSeconds(17), response.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.ProfilePath)).Status);
    }

    [Fact]
    public async Task Delay_VirtualSeconds_HoldsTheAnswerBack()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(60), Phase = FaultPhase.After });
        var start = simulation.Time.GetUtcNow();

        var answer = simulation.SendAsync("POST", Stop);
        await DnsServerTests.AdvanceUntilAsync(simulation.Time, answer);

        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        Assert.InRange(simulation.Time.GetUtcNow() - start, TimeSpan.FromSeconds(60), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Fault_OtherMethodOrPath_IsNotMet()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Method = "PUT", Kind = FaultKind.Error });
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Path = "/restart$", Kind = FaultKind.Error });

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("POST", Stop)).Status);
    }

    [Theory]
    [InlineData("(", 1, 500, 10, "faults[0].path: '(' is not a regular expression")]
    [InlineData(null, 0, 500, 10, "faults[0].count: expected 1 or more and found 0")]
    [InlineData(null, 1, 304, 10, "faults[0].status: expected 400 to 599 and found 304")]
    [InlineData(null, 1, 500, -1, "faults[0].retryAfter: expected whole seconds from 00:00:00 to 01:00:00 and found -00:00:01")]
    public async Task AddFault_MemberOutOfRange_IsRefusedByName(string? path, int count, int status, int seconds, string expected)
    {
        await using var simulation = await Simulation.StartAsync();

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => simulation.Control.AddFaultAsync(
            new() { On = FaultTarget.ResourceManager, Path = path, Count = count, Status = status, RetryAfter = TimeSpan.FromSeconds(seconds), Kind = FaultKind.Error }));

        Assert.Equal(HttpStatusCode.BadRequest, exception.StatusCode);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
