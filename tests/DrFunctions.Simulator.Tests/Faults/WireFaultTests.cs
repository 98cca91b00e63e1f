using System.Net;
using DrFunctions.Simulator.Dns;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Tests.Dns;

namespace DrFunctions.Simulator.Tests.Faults;

/// <summary>Faults of every wire but Resource Manager's, seen by a client of that wire.</summary>
public class WireFaultTests
{
    private const string Name = "shop.trafficmanager.net";

    [Fact]
    public async Task Site_Error_IsAnsweredToUsersAndProbes()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.Control.AddFaultAsync(new()
        {
            On = FaultTarget.Site,
            Kind = FaultKind.Error,
            Name = "shop-westeurope",
            Status = 503,
            Body = "gone fishing",
            RetryAfter = TimeSpan.FromSeconds(7),
        });

        using var response = await simulation.GetWebAsync("127.0.0.11", "shop-westeurope.azurewebsites.net");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("gone fishing", await response.Content.ReadAsStringAsync());
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        Assert.Equal("HTTP 503", (await simulation.ProbeAgainAsync("westeurope")).LastProbe);
        Assert.Equal(2, Assert.Single(await simulation.Control.GetFaultsAsync()).Hits);
    }

    [Fact]
    public async Task Site_WrongBody_IsASuccessThatLies()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Site, Kind = FaultKind.Body, Body = "{}", Path = "^/health$", Method = "GET" });

        using var response = await simulation.GetWebAsync("127.0.0.11", "shop-westeurope.azurewebsites.net");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Site_Hang_EndsWithTheFault()
    {
        await using var simulation = await Simulation.StartAsync();
        var id = await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Site, Kind = FaultKind.Hang, Path = "/page" });
        var answer = simulation.GetWebAsync("127.0.0.11", "shop-westeurope.azurewebsites.net", "/page");
        await UntilHitAsync(simulation, id);
        Assert.False(answer.IsCompleted);

        await simulation.Control.RemoveFaultAsync(id);

        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task Dns_ServFail_IsOneAnswer()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Dns, Kind = FaultKind.ServFail, Name = "SHOP.trafficmanager.net", Count = 1 });

        Assert.Equal(DnsCode.NoError, (await simulation.Dns.AskAsync("shop-westeurope.azurewebsites.net")).Code);
        Assert.Equal(DnsCode.ServerFailure, (await simulation.Dns.AskAsync(Name, tcp: true)).Code);
        Assert.Equal(DnsCode.NoError, (await simulation.Dns.AskAsync(Name)).Code);
    }

    [Fact]
    public async Task Dns_Drop_IsNotAnswered()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Dns, Kind = FaultKind.Drop, Count = 1 });

        await Assert.ThrowsAsync<EndOfStreamException>(() => simulation.Dns.AskAsync(Name, tcp: true));

        var logged = Assert.Single((await simulation.Control.GetRequestsAsync(new() { Wire = "dns" })).Requests);
        Assert.Equal((Name, "A", null, "fault-1"), (logged.Path, logged.Method, logged.Status, logged.Fault));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dns_Delay_HoldsOneAnswerBackAndNoOther(bool tcp)
    {
        await using var simulation = await Simulation.StartAsync();
        var id = await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Dns, Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(30), Count = 1 });
        var late = simulation.Dns.AskAsync(Name, tcp: tcp);
        await UntilHitAsync(simulation, id);

        Assert.Equal(DnsCode.NoError, (await simulation.Dns.AskAsync(Name)).Code);
        Assert.False(late.IsCompleted);
        await DnsServerTests.AdvanceUntilAsync(simulation.Time, late);

        Assert.Equal(DnsCode.NoError, (await late).Code);
    }

    [Fact]
    public async Task Dns_Stale_AnswersAsBefore()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().BothRunning());
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.UntilAsync("northeurope", endpoint => endpoint.MonitorStatus == "Online");
        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(await simulation.Dns.AskAsync(Name)));
        var id = await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Dns, Kind = FaultKind.Stale });
        await simulation.Control.SetSiteStateAsync("shop-westeurope", SiteStatus.Stopped);

        Assert.Equal(["127.0.0.11"], DnsClient.Addresses(await simulation.Dns.AskAsync(Name)));
        await simulation.Control.RemoveFaultAsync(id);

        Assert.Equal(["127.0.0.12"], DnsClient.Addresses(await simulation.Dns.AskAsync(Name)));
    }

    [Theory]
    [InlineData(FaultKind.Drop, null, "the connection was closed without an answer")]
    [InlineData(FaultKind.Error, 418, "HTTP 418")]
    public async Task Probe_Struck_IsAFailureThatUsersDoNotSee(FaultKind kind, int? status, string found)
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Probe, Kind = kind, Status = status, Name = "shop/westeurope" });

        var probed = await simulation.ProbeAgainAsync("westeurope");

        Assert.Equal((1, found), (probed.ConsecutiveFailures, probed.LastProbe));
        using var response = await simulation.GetWebAsync("127.0.0.11", "shop-westeurope.azurewebsites.net");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await simulation.Control.GetRequestsAsync(new() { Probe = true, Fault = "fault-1" });
        Assert.Equal(("probe/shop/westeurope", status, found), (page.Requests[^1].Wire, page.Requests[^1].Status, page.Requests[^1].Answer));
    }

    [Fact]
    public async Task Probe_StruckFromTheStart_MissesNoProbe()
    {
        await using var simulation = await Simulation.StartAsync(null, new Fault { On = FaultTarget.Probe, Kind = FaultKind.Error, Name = "shop/westeurope", Count = 1 });
        Assert.Equal("HTTP 500", (await simulation.UntilAsync("westeurope", endpoint => endpoint.Probes == 1)).LastProbe);

        for (var i = 0; i < 20; i++)
        {
            await simulation.Control.ResetAsync();
            Assert.Equal("HTTP 500", (await simulation.UntilAsync("westeurope", endpoint => endpoint.Probes == 1)).LastProbe);
            var first = (await simulation.Control.GetRequestsAsync(new() { Wire = "probe/shop/westeurope" })).Requests;
            Assert.Equal(1, Assert.Single(first).Sequence);
        }
    }

    [Fact]
    public async Task Probe_Hang_IsTooLate()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        var id = await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Probe, Kind = FaultKind.Hang });
        simulation.Time.Advance(TimeSpan.FromSeconds(10));
        await UntilHitAsync(simulation, id);
        simulation.Time.Advance(TimeSpan.FromSeconds(5));

        var probed = await simulation.UntilAsync("westeurope", endpoint => endpoint.ConsecutiveFailures == 1);

        Assert.Equal("no answer within 5 s", probed.LastProbe);
    }

    [Fact]
    public async Task Region_DarkOnATimeline_RefusesFromThenToThen()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        await simulation.Control.AddFaultAsync(new()
        {
            On = FaultTarget.Region,
            Kind = FaultKind.Dark,
            Name = "westeurope",
            At = TimeSpan.FromSeconds(3),
            For = TimeSpan.FromSeconds(10),
        });
        Assert.False((await simulation.Control.GetStateAsync()).Regions[0].Dark);

        simulation.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.True((await simulation.Control.GetStateAsync()).Regions[0].Dark);
        await Assert.ThrowsAsync<HttpRequestException>(() => simulation.GetWebAsync("127.0.0.11", "shop-westeurope.azurewebsites.net"));
        simulation.Time.Advance(TimeSpan.FromSeconds(7));
        var probed = await simulation.UntilAsync("westeurope", endpoint => endpoint.ConsecutiveFailures == 1);
        Assert.Equal("Connection refused", probed.LastProbe);

        simulation.Time.Advance(TimeSpan.FromSeconds(3));
        await UntilLitAsync(simulation);
        using var response = await simulation.GetWebAsync("127.0.0.11", "shop-westeurope.azurewebsites.net");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task ResourceManager_Dark_LeavesTheRegionsAndIsCounted()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { Id = "rm", On = FaultTarget.ResourceManager, Kind = FaultKind.Dark });

        await Assert.ThrowsAsync<HttpRequestException>(() => simulation.SendAsync("GET", Simulation.SitesPath));

        using var response = await simulation.GetWebAsync("127.0.0.11", "shop-westeurope.azurewebsites.net");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(Assert.Single(await simulation.Control.GetFaultsAsync()).Hits, 1, int.MaxValue);
        await simulation.Control.SetResourceManagerDarkAsync(false);
        Assert.Empty(await simulation.Control.GetFaultsAsync());
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.SitesPath)).Status);
    }

    [Fact]
    public async Task Reset_FaultsOfTheStart_BeginAnew()
    {
        await using var simulation = await Simulation.StartAsync(
            faults: [new() { Id = "start", On = FaultTarget.ResourceManager, Kind = FaultKind.Error, Count = 1 }]);
        await simulation.SendAsync("GET", Simulation.SitesPath);
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Dns, Kind = FaultKind.Drop });

        await simulation.Control.ResetAsync();

        var state = Assert.Single(await simulation.Control.GetFaultsAsync());
        Assert.Equal(("start", FaultStatus.Active, 0), (state.Id, state.Status, state.Hits));
    }

    private static async Task UntilHitAsync(Simulation simulation, string id)
    {
        using var patience = new CancellationTokenSource(Simulation.Patience);
        while ((await simulation.Control.GetFaultsAsync()).Single(fault => fault.Id == id).Hits == 0)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private static async Task UntilLitAsync(Simulation simulation)
    {
        using var patience = new CancellationTokenSource(Simulation.Patience);
        while ((await simulation.Control.GetStateAsync()).Regions[0].Dark)
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
