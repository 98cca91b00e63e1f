using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Listening;
using DrFunctions.Simulator.Tests.Dns;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Simulator.Tests.TrafficManager;

/// <summary>Real probes, virtual seconds.</summary>
public class ProbeTests
{
    [Fact]
    public async Task Probe_EveryInterval_IsOneRequestWithItsHeaders()
    {
        var seen = new ConcurrentQueue<string>();
        await using var target = await ServeAsync(context =>
        {
            seen.Enqueue($"{context.Request.Path} {context.Request.Headers["x-probe"]} {context.Request.Headers.UserAgent}");
            return Task.CompletedTask;
        });
        await using var simulation = await StartAsync(target.Port);
        await simulation.SendAsync("PATCH", Simulation.ProfilePath, new
        {
            properties = new { monitorConfig = new { customHeaders = new[] { new { name = "x-probe", value = "yes" }, new { name = "Content-Type", value = "x" } } } },
        });
        await simulation.UntilAsync("out", endpoint => endpoint is { Probes: 1, MonitorStatus: "Online", LastProbe: "HTTP 200" });
        seen.Clear();

        simulation.Time.Advance(TimeSpan.FromSeconds(9.9));
        await simulation.Dns.AskAsync("shop.trafficmanager.net");
        Assert.Equal(1, (await simulation.EndpointAsync("out")).Probes);
        simulation.Time.Advance(TimeSpan.FromSeconds(0.1));
        await simulation.UntilAsync("out", endpoint => endpoint.Probes == 2);

        Assert.Equal(["/health yes Azure Traffic Manager Endpoint Monitor"], seen);
    }

    [Theory]
    [InlineData(200, null, true)]
    [InlineData(204, null, false)]
    [InlineData(302, null, false)]
    [InlineData(503, null, false)]
    [InlineData(302, "300-399", true)]
    [InlineData(200, "300-399", false)]
    public async Task Probe_Status_IsHealthyOnlyWhereExpected(int status, string? range, bool healthy)
    {
        await using var target = await ServeAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        await using var simulation = await StartAsync(target.Port);
        if (range is not null)
        {
            var ends = range.Split('-').Select(int.Parse).ToArray();
            await simulation.SendAsync("PATCH", Simulation.ProfilePath, new
            {
                properties = new { monitorConfig = new { expectedStatusCodeRanges = new[] { new { min = ends[0], max = ends[1] } } } },
            });
        }

        var state = await simulation.UntilAsync("out", endpoint => endpoint.MonitorStatus != "CheckingEndpoint");

        Assert.Equal(healthy ? "Online" : "Degraded", state.MonitorStatus);
        Assert.Equal($"HTTP {status}", state.LastProbe);
    }

    [Fact]
    public async Task Probe_AnswerNeverComes_FailsAfterTheTimeout()
    {
        await using var target = await ServeAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var simulation = await StartAsync(target.Port);
        Assert.Equal("CheckingEndpoint", (await simulation.EndpointAsync("out")).MonitorStatus);

        await DnsServerTests.AdvanceUntilAsync(simulation.Time, simulation.UntilAsync("out", endpoint => endpoint.Probes > 0));

        var state = await simulation.EndpointAsync("out");
        Assert.Equal(("Degraded", "no answer within 5 s"), (state.MonitorStatus, state.LastProbe));
    }

    [Theory]
    [InlineData(true, "connected")]
    [InlineData(false, "Connection refused")]
    public async Task Probe_Tcp_IsAConnection(bool listening, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (!listening)
        {
            listener.Stop();
        }

        await using var simulation = await StartAsync(port, monitor => monitor with { Protocol = "TCP", Path = null });

        var state = await simulation.UntilAsync("out", endpoint => endpoint.Probes > 0);

        Assert.Equal((listening ? "Online" : "Degraded", expected), (state.MonitorStatus, state.LastProbe));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(10, 2)]
    [InlineData(30, 1)]
    [InlineData(30, 9)]
    public async Task Probe_OfARegionThatIsLost_DegradesAfterMoreFailuresThanAreToleratedAndRecoversAtOnce(int interval, int tolerated)
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().With(profile => profile with
        {
            Monitor = profile.Monitor with { IntervalInSeconds = interval, ToleratedNumberOfFailures = tolerated },
        }));
        await simulation.UntilAsync("westeurope", endpoint => endpoint is { Probes: 1, MonitorStatus: "Online" });
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);

        for (var failures = 1; failures <= tolerated + 1; failures++)
        {
            var state = await NextAsync();
            Assert.Equal((failures, failures > tolerated ? "Degraded" : "Online"), (state.ConsecutiveFailures, state.MonitorStatus));
        }

        await simulation.Simulator.SetRegionDarkAsync("westeurope", false);
        var recovered = await NextAsync();
        Assert.Equal((0, "Online", tolerated + 3), (recovered.ConsecutiveFailures, recovered.MonitorStatus, recovered.Probes));

        async Task<EndpointState> NextAsync()
        {
            var before = (await simulation.EndpointAsync("westeurope")).Probes;
            simulation.Time.Advance(TimeSpan.FromSeconds(interval - 1));
            Assert.Equal(before, (await simulation.EndpointAsync("westeurope")).Probes);
            simulation.Time.Advance(TimeSpan.FromSeconds(1));
            return await simulation.UntilAsync("westeurope", endpoint => endpoint.Probes == before + 1);
        }
    }

    [Fact]
    public async Task Probe_HeadersOfProfileAndEndpoint_AreSentAndTheEndpointsWin()
    {
        var seen = new ConcurrentQueue<string>();
        await using var target = await ServeAsync(context =>
        {
            seen.Enqueue($"{context.Request.Headers["x-a"]} {context.Request.Headers["x-b"]} {context.Request.Host}");
            return Task.CompletedTask;
        });
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().With(profile => profile with
        {
            Monitor = profile.Monitor with { Port = target.Port, CustomHeaders = new Dictionary<string, string> { ["x-a"] = "profile", ["x-b"] = "profile" } },
            Endpoints =
            [
                new() { Name = "out", Target = "127.0.0.1", CustomHeaders = new Dictionary<string, string> { ["X-A"] = "endpoint", ["host"] = "www.example.org" } },
                new() { Name = "plain", Target = "127.0.0.2" },
            ],
        }));

        await simulation.UntilAsync("out", endpoint => endpoint.Probes == 1);

        Assert.Equal(["endpoint profile www.example.org"], seen);
        Assert.Equal("Online", (await simulation.EndpointAsync("out")).MonitorStatus);
    }

    [Theory]
    [InlineData(true, "HTTP 200")]
    [InlineData(false, null)]
    public async Task Probe_Https_WantsACertificateAndTrustsAny(bool secure, string? expected)
    {
        using var certificate = SelfSignedCertificate.Create(DateTimeOffset.UtcNow);
        await using var target = await LoopbackServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0),
            "A target",
            _ => Task.CompletedTask,
            NullLoggerFactory.Instance,
            listen =>
            {
                if (secure)
                {
                    listen.UseHttps(certificate);
                }
            },
            CancellationToken.None);
        await using var simulation = await StartAsync(target.Port, monitor => monitor with { Protocol = "HTTPS" });

        var state = await simulation.UntilAsync("out", endpoint => endpoint.Probes > 0);

        Assert.Equal(secure ? "Online" : "Degraded", state.MonitorStatus);
        Assert.True(expected is null || state.LastProbe == expected, state.LastProbe);
    }

    [Fact]
    public async Task Probe_HostBeyondTheMachine_IsNeverContacted()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().With(profile => profile with
        {
            Monitor = profile.Monitor with { ToleratedNumberOfFailures = 0 },
            Endpoints = [new() { Name = "out", Target = "www.example.org" }],
        }));

        var state = await simulation.UntilAsync("out", endpoint => endpoint.Probes > 0);

        Assert.Equal("Degraded", state.MonitorStatus);
        Assert.Equal("the simulated network has no host 'www.example.org'", state.LastProbe);
    }

    [Fact]
    public async Task Degraded_All_AreServedAsIfNoneWere()
    {
        await using var simulation = await Simulation.StartAsync(
            Scenarios.Shop().BothRunning().With(profile => profile with { Monitor = profile.Monitor with { ToleratedNumberOfFailures = 0 } }));
        foreach (var region in (string[])["westeurope", "northeurope"])
        {
            await simulation.UntilAsync(region, endpoint => endpoint.MonitorStatus == "Online");
            await simulation.Simulator.SetRegionDarkAsync(region, true);
        }

        simulation.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (var region in (string[])["westeurope", "northeurope"])
        {
            await simulation.UntilAsync(region, endpoint => endpoint.MonitorStatus == "Degraded");
        }

        Assert.Equal("Degraded", Assert.Single((await simulation.Control.GetStateAsync()).Profiles).MonitorStatus);
        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(await simulation.Dns.AskAsync("shop.trafficmanager.net")));
    }

    [Fact]
    public async Task Degraded_First_IsLeftOutUntilItsFirstSuccess()
    {
        await using var simulation = await Simulation.StartAsync(
            Scenarios.Shop().BothRunning().With(profile => profile with { Monitor = profile.Monitor with { ToleratedNumberOfFailures = 0 } }));
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        Assert.Equal("Degraded", (await simulation.ProbeAgainAsync("westeurope")).MonitorStatus);
        Assert.Equal(["127.0.0.12"], DnsClient.Addresses(await simulation.Dns.AskAsync("shop.trafficmanager.net")));

        await simulation.Simulator.SetRegionDarkAsync("westeurope", false);

        Assert.Equal("Online", (await simulation.ProbeAgainAsync("westeurope")).MonitorStatus);
        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(await simulation.Dns.AskAsync("shop.trafficmanager.net")));
    }

    [Fact]
    public async Task AlwaysServe_Endpoint_IsServedUnprobed()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().With(profile => profile with
        {
            Endpoints = [profile.Endpoints[0] with { AlwaysServe = true }],
        }));
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);

        simulation.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(("Unmonitored", 0), (await simulation.EndpointAsync("westeurope")) switch { var state => (state.MonitorStatus, state.Probes) });
        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(await simulation.Dns.AskAsync("shop.trafficmanager.net")));
    }

    [Fact]
    public async Task Health_PriorityChanged_IsKept_TargetChanged_IsCheckedAnew()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        var path = Simulation.ProfilePath + "/azureEndpoints/westeurope";

        await simulation.SendAsync("PATCH", path, new { properties = new { priority = 9 } });
        Assert.Equal("Online", (await simulation.EndpointAsync("westeurope")).MonitorStatus);

        await simulation.SendAsync("PATCH", path, new { properties = new { endpointStatus = "Disabled" } });
        await simulation.SendAsync("PATCH", path, new { properties = new { endpointStatus = "Enabled" } });
        var state = await simulation.UntilAsync("westeurope", endpoint => endpoint.Probes > 0);
        Assert.Equal(("CheckingEndpoint", 1), (state.MonitorStatus, state.ConsecutiveFailures));
    }

    private static Task<LoopbackServer> ServeAsync(RequestDelegate handler) => LoopbackServer.StartAsync(
        new IPEndPoint(IPAddress.Loopback, 0), "A target", handler, NullLoggerFactory.Instance, null, CancellationToken.None);

    private static Task<Simulation> StartAsync(int port, Func<ScenarioMonitor, ScenarioMonitor>? change = null) =>
        Simulation.StartAsync(Scenarios.Shop().With(profile => profile with
        {
            Monitor = (change ?? (same => same))(profile.Monitor with { Port = port, ToleratedNumberOfFailures = 0 }),
            Endpoints = [new() { Name = "out", Target = "127.0.0.1" }],
        }));
}
