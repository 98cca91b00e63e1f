using System.Net;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Throttling;

namespace DrFunctions.Simulator.Tests.Throttling;

public class RequestThrottleTests
{
    private const string Path = Simulation.ProfilePath;
    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData("GET", 250, 10, "read")]
    [InlineData("HEAD", 250, 10, "read")]
    [InlineData("PUT", 200, 20, "write")]
    [InlineData("PATCH", 200, 20, "write")]
    [InlineData("POST", 200, 20, "write")]
    [InlineData("DELETE", 200, 20, "delete")]
    public void Count_BucketEmpty_IsRefusedUntilItIsFullAgain(string method, int capacity, int seconds, string word)
    {
        var throttle = Throttle();
        for (var left = capacity - 1; left >= 0; left--)
        {
            Assert.Equal(left, throttle.Count(method, Path, "t")!.Left);
        }

        var first = Assert.Throws<ArmRejection>(() => throttle.Count(method, Path, "t"));
        _time.Advance(TimeSpan.FromSeconds(3));
        var early = Assert.Throws<ArmRejection>(() => throttle.Count(method, Path, "t"));
        _time.Advance(TimeSpan.FromSeconds(seconds - 3));

        Assert.Equal((429, "SubscriptionRequestsThrottled", seconds), (first.Status, first.Code, first.RetryAfterSeconds));
        Assert.Matches($"^Number of '{word}' requests for subscription '{Scenarios.Subscription}' actor '[-0-9a-f]{{36}}' exceeded\\. Please try again after '{seconds}' seconds\\.$", first.Message);
        Assert.Equal(seconds - 3, early.RetryAfterSeconds);
        Assert.Equal(capacity - 1, throttle.Count(method, Path, "t")!.Left);
    }

    [Fact]
    public void Count_SteadyBelowTheRate_IsNeverRefused()
    {
        var throttle = Throttle();
        for (var i = 0; i < 2000; i++)
        {
            throttle.Count("PUT", Path, "t");
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }
    }

    [Theory]
    [InlineData("GET", Path, "another")]
    [InlineData("DELETE", Path, "t")]
    [InlineData("PUT", "/providers/Microsoft.Network/checkTrafficManagerNameAvailability", "t")]
    public void Count_OtherCallerKindOrScope_HasABucketOfItsOwn(string method, string path, string token)
    {
        var throttle = Throttle();
        Drain(throttle, "GET");
        Drain(throttle, "PUT");

        Assert.NotNull(throttle.Count(method, path, token));
    }

    [Fact]
    public void Count_Scaled_HasSmallerBuckets()
    {
        var throttle = Throttle(new() { ThrottlingScale = 0.02 });

        Assert.Equal(5, Drain(throttle, "GET"));
        Assert.Equal(4, Drain(throttle, "DELETE"));
    }

    [Fact]
    public void Count_Off_CountsNothing() => Assert.Null(Throttle(new() { Throttling = false }).Count("GET", Path, "t"));

    [Fact]
    public async Task Wire_Throttled_HasBodyHeadersAndNoTokenInIt()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with { ResourceManager = new() { ThrottlingScale = 0.008 } });
        var (_, _, profile) = await simulation.SendAsync("GET", Simulation.ProfilePath);
        var (_, _, site) = await simulation.SendAsync("GET", Simulation.SitesPath + "/shop-westeurope");
        var (status, body, refused) = await simulation.SendAsync("GET", Simulation.SitesPath);
        var (_, _, write) = await simulation.SendAsync("POST", Simulation.SitesPath + "/shop-westeurope/stop");
        var (_, _, tenant) = await simulation.SendAsync("GET", "/providers");

        Assert.Equal("1", Header(profile, "x-ms-ratelimit-remaining-subscription-resource-requests"));
        Assert.Equal("0", Header(site, "x-ms-ratelimit-remaining-subscription-reads"));
        Assert.Equal("0", Header(write, "x-ms-ratelimit-remaining-subscription-writes"));
        Assert.Equal("1", Header(tenant, "x-ms-ratelimit-remaining-tenant-reads"));
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter!.Delta);
        Assert.Equal("SubscriptionRequestsThrottled", (string?)body!["error"]!["code"]);
        Assert.DoesNotContain("a-token", body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("Stopped", (await simulation.Control.GetStateAsync()).Sites.Single(each => each.Name == "shop-westeurope").State);

        simulation.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.SitesPath)).Status);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static int Drain(RequestThrottle throttle, string method)
    {
        for (var count = 0; ; count++)
        {
            try
            {
                throttle.Count(method, Path, "t");
            }
            catch (ArmRejection rejection) when (rejection.Status == 429)
            {
                return count;
            }
        }
    }

    private RequestThrottle Throttle(ScenarioResourceManager? options = null) => new(Scenarios.Shop() with { ResourceManager = options ?? new() }, _time);
}
