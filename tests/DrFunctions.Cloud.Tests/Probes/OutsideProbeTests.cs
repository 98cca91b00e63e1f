using System.Net;
using System.Net.Sockets;
using System.Text;
using DrFunctions.Cloud.Probes;
using DrFunctions.Cloud.Tests.Probes.Dns;
using DrFunctions.Cloud.Tests.ResourceManager;
using DrFunctions.Recovery.Probes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static DrFunctions.Cloud.Tests.Probes.Dns.FakeResolver;

namespace DrFunctions.Cloud.Tests.Probes;

public sealed class OutsideProbeTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly List<string> _asked = [];
    private WebApplication _site = null!; // set by InitializeAsync
    private Func<HttpContext, Task> _page = context => context.Response.WriteAsync("northeurope");

    private int Port => new Uri(_site.Urls.First()).Port;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _site = builder.Build();
        _site.Run(context =>
        {
            _asked.Add($"{context.Request.Method} {context.Request.Host}{context.Request.Path}{context.Request.QueryString}");
            return _page(context);
        });
        await _site.StartAsync();
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Get_ThroughAChainOfAliases_AsksTheAddressWithTheUsersHost()
    {
        await using var resolver = new FakeResolver(question => Reply(question, 0x8180,
            Alias("shop.trafficmanager.net", "shop-ne.azurewebsites.net"), A("shop-ne.azurewebsites.net", "127.0.0.1")));

        var result = await GetAsync($"http://shop.trafficmanager.net:{Port}/health?x=1", resolver.Address);

        Assert.Null(result.Failure);
        Assert.Equal((200, "northeurope", "shop-ne.azurewebsites.net", IPAddress.Loopback), (result.Status, result.Body, result.CanonicalName, result.Address));
        Assert.True(result.IsHealthy);
        Assert.True(result.Elapsed > TimeSpan.Zero);
        Assert.Equal([$"GET shop.trafficmanager.net:{Port}/health?x=1"], _asked);
    }

    [Fact]
    public async Task Connect_APortThatListens_IsHealthyWithoutAnyAnswer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var resolver = new FakeResolver(question => Reply(question, 0x8180, A("db.example.org", "127.0.0.1")));

        var result = await ConnectAsync($"tcp://db.example.org:{((IPEndPoint)listener.LocalEndpoint).Port}", resolver.Address);

        Assert.Equal((true, true, ProbeFinding.Healthy, (int?)null, (string?)null), (result.IsConnected, result.IsHealthy, result.Finding, result.Status, result.Failure));
        Assert.Matches(@"^connected in \d+ ms$", result.Summary);
    }

    [Fact]
    public async Task Connect_APortThatRefuses_IsDead()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // and does not listen
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var resolver = new FakeResolver(question => Reply(question, 0x8180, A("db.example.org", "127.0.0.1")));

        var result = await ConnectAsync($"tcp://db.example.org:{port}", resolver.Address);

        Assert.Equal((ProbeFinding.Dead, $"connection refused by 127.0.0.1:{port}"), (result.Finding, result.Summary));
    }

    [Fact]
    public async Task Connect_ANameThatDoesNotResolve_SaysNothing()
    {
        await using var resolver = new FakeResolver(question => Reply(question, 0x8183));

        var result = await ConnectAsync("tcp://db.example.org:5432", resolver.Address);

        Assert.Equal((ProbeFinding.Unknown, false), (result.Finding, result.IsHealthy));
    }

    [Theory]
    [InlineData("http://127.0.0.1/", "'http://127.0.0.1/' is not tcp://host:port")]
    [InlineData("tcp://127.0.0.1", "'tcp://127.0.0.1/' is not tcp://host:port")]
    public async Task Connect_WhatIsNoPlaceForTcp_AsksNobody(string target, string failure)
    {
        var result = await new OutsideProbe([], TimeProvider.System).ConnectAsync(new Uri(target), s_patience, default);

        Assert.Equal((ProbeFinding.Unknown, failure), (result.Finding, result.Failure));
    }

    private static Task<ProbeResult> ConnectAsync(string target, IPEndPoint resolver) =>
        new OutsideProbe([resolver], TimeProvider.System).ConnectAsync(new Uri(target), s_patience, default);

    [Fact]
    public async Task Get_SiteThatIsAnAliasItself_NamesTheWholeChain()
    {
        await using var resolver = new FakeResolver(question => NameIn(question) == "shop.trafficmanager.net"
            ? Reply(question, 0x8180, Alias("shop.trafficmanager.net", "shop-ne.azurewebsites.net"), Alias("shop-ne.azurewebsites.net", "stamp.sip.example"))
            : Reply(question, 0x8180, Alias("stamp.sip.example", "vip.example"), A("vip.example", "127.0.0.1")));

        var result = await GetAsync($"http://shop.trafficmanager.net:{Port}/", resolver.Address);

        Assert.Equal(["shop-ne.azurewebsites.net", "stamp.sip.example", "vip.example"], result.Names);
        Assert.Equal("vip.example", result.CanonicalName);
    }

    [Fact]
    public async Task Get_AliasIntoAnotherZone_IsAskedForAgain()
    {
        await using var resolver = new FakeResolver(question => NameIn(question) == "shop.example"
            ? Reply(question, 0x8180, Alias("shop.example", "region.example"))
            : Reply(question, 0x8180, A("region.example", "127.0.0.1")));

        var result = await GetAsync($"http://shop.example:{Port}/", resolver.Address);

        Assert.Equal((200, "region.example"), (result.Status, result.CanonicalName));
        Assert.Equal(["udp shop.example", "udp region.example"], resolver.Asked);
    }

    [Fact]
    public async Task Get_AliasesWithoutEnd_AreBounded()
    {
        var count = 0;
        await using var resolver = new FakeResolver(question => Reply(question, 0x8180, Alias(NameIn(question), $"n{++count}.example")));

        var result = await GetAsync("http://shop.example/", resolver.Address);

        Assert.Equal("DNS has a chain of more than 16 aliases", result.Failure);
        Assert.Equal(17, resolver.Asked.Count);
    }

    [Fact]
    public async Task Get_TwiceWithAnswersChanged_NeverRemembers()
    {
        var count = 0;
        await using var resolver = new FakeResolver(question => Reply(question, 0x8180,
            Alias("shop.example", ++count == 1 ? "one.example" : "two.example"), A("one.example", "127.0.0.1"), A("two.example", "127.0.0.1")));

        Assert.Equal("one.example", (await GetAsync($"http://shop.example:{Port}/", resolver.Address)).CanonicalName);
        Assert.Equal("two.example", (await GetAsync($"http://shop.example:{Port}/", resolver.Address)).CanonicalName);
    }

    [Fact]
    public async Task Get_Truncated_IsAskedForOverTcp()
    {
        await using var resolver = new FakeResolver((question, overStream) =>
            [overStream ? Reply(question, 0x8180, A("shop.example", "127.0.0.1")) : Reply(question, 0x8380)]);

        Assert.Equal(200, (await GetAsync($"http://shop.example:{Port}/", resolver.Address)).Status);
        Assert.Equal(["udp shop.example", "tcp shop.example"], resolver.Asked);
    }

    [Fact]
    public async Task Get_ForgedAnswersFirst_TakesTheTrueOne()
    {
        await using var resolver = new FakeResolver((question, _) =>
        [
            [], [1, 2, 3], Reply([(byte)~question[0], .. question[1..]], 0x8180, A("shop.example", "127.0.0.9")),
            Reply(question, 0x8180, A("shop.example", "127.0.0.1")),
        ]);

        var result = await GetAsync($"http://shop.example:{Port}/", resolver.Address);

        Assert.Equal((200, IPAddress.Loopback), (result.Status, result.Address));
    }

    [Fact]
    public async Task Get_FirstResolverRefusesOrIsGone_AsksTheNext()
    {
        await using var refusing = new FakeResolver(question => Reply(question, 0x8185));
        await using var good = new FakeResolver(question => Reply(question, 0x8180, A("shop.example", "127.0.0.1")));

        var result = await GetAsync($"http://shop.example:{Port}/", refusing.Address, new IPEndPoint(IPAddress.Loopback, FreePort.Take()), good.Address);

        Assert.Equal(200, result.Status);
    }

    [Fact]
    public async Task Get_NoResolverAnswers_NamesEach()
    {
        await using var refusing = new FakeResolver(question => Reply(question, 0x8182));
        await using var silent = new FakeResolver((_, _) => []);
        await using var mad = new FakeResolver(_ => [1]);

        var result = await GetAsync("http://shop.example/", refusing.Address, silent.Address, mad.Address);

        Assert.Equal(
            $"no DNS answer for 'shop.example': {refusing.Address} refused with code 2; {silent.Address} did not answer; "
            + $"the answer of {mad.Address} is malformed: it ends too early", result.Failure);
        Assert.Null(result.Address);
        Assert.Null(result.Status);
        Assert.False(result.IsHealthy);
    }

    [Fact]
    public async Task Get_NameDoesNotExist_SaysSoAndAsksNoOther()
    {
        await using var resolver = new FakeResolver(question => Reply(question, 0x8183));
        await using var other = new FakeResolver(question => Reply(question, 0x8180, A("shop.example", "127.0.0.1")));

        var result = await GetAsync("http://shop.example/", resolver.Address, other.Address);

        Assert.Equal("DNS says that 'shop.example' does not exist", result.Failure);
        Assert.Empty(other.Asked);
    }

    [Fact]
    public async Task Get_NoAddress_SaysSo()
    {
        await using var resolver = new FakeResolver(question => Reply(question));

        Assert.Equal("DNS has no IPv4 address for 'shop.example'", (await GetAsync("http://shop.example/", resolver.Address)).Failure);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("shop.localhost")]
    public async Task Get_ThisMachine_AsksNoDns(string host)
    {
        await using var resolver = new FakeResolver((_, _) => []);

        Assert.Equal(200, (await GetAsync($"http://{host}:{Port}/", resolver.Address)).Status);
        Assert.Empty(resolver.Asked);
    }

    [Fact]
    public async Task Get_Redirect_IsNotFollowed()
    {
        _page = context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };

        Assert.Equal(302, (await GetAsync($"http://127.0.0.1:{Port}/")).Status);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Get_LongBody_IsCutAt4KiB()
    {
        _page = async context =>
        {
            await context.Response.WriteAsync(new string('x', 100_000));
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        Assert.Equal(new string('x', 4096), (await GetAsync($"http://127.0.0.1:{Port}/")).Body);
    }

    [Fact]
    public async Task Get_BodyThatHangs_IsNoAnswer()
    {
        _page = async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        var result = await new OutsideProbe([], TimeProvider.System).GetAsync(new Uri($"http://127.0.0.1:{Port}/"), TimeSpan.FromSeconds(1), default);

        Assert.Equal($"no complete answer from 127.0.0.1:{Port} within 1 s", result.Failure);
        Assert.Null(result.Status);
    }

    [Fact]
    public async Task Get_DnsSilentPastTheTimeout_SaysSo()
    {
        await using var silent = new FakeResolver((_, _) => []);

        var result = await new OutsideProbe([silent.Address], TimeProvider.System)
            .GetAsync(new Uri("http://shop.example/"), TimeSpan.FromMilliseconds(300), default);

        Assert.Equal("no DNS answer within 0.3 s", result.Failure);
    }

    [Fact]
    public async Task Get_NothingListens_IsRefused()
    {
        var port = FreePort.Take();

        Assert.Equal($"connection refused by 127.0.0.1:{port}", (await GetAsync($"http://127.0.0.1:{port}/")).Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    public async Task Get_NoHttp_IsAFailure(string said)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096]);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(said));
        });

        var result = await GetAsync($"http://127.0.0.1:{port}/");
        await serving;

        Assert.Equal($"127.0.0.1:{port} broke the connection or did not speak HTTP", result.Failure);
        Assert.Null(result.Status);
    }

    [Fact]
    public async Task Get_HttpsWithAnUntrustedCertificate_SaysSo()
    {
        await using var server = await FakeResourceManager.StartAsync();
        var url = server.Options.Endpoint;

        Assert.Equal($"the certificate of 127.0.0.1:{url.Port} is not valid for '127.0.0.1'", (await GetAsync(url.ToString())).Failure);
    }

    [Theory]
    [InlineData("ftp://shop.example/")]
    [InlineData("file:///etc/passwd")]
    public async Task Get_OtherScheme_IsAFailure(string url) =>
        Assert.Equal($"'{url}' is not an http or https URL", (await GetAsync(url)).Failure);

    [Fact]
    public async Task Get_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var resolver = new FakeResolver((_, _) =>
        {
            cancel.Cancel();
            return [];
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new OutsideProbe([resolver.Address], TimeProvider.System).GetAsync(new Uri("http://shop.example/"), s_patience, cancel.Token));
    }

    private static Task<ProbeResult> GetAsync(string url, params IPEndPoint[] resolvers) =>
        new OutsideProbe(resolvers, TimeProvider.System).GetAsync(new Uri(url), s_patience, default);
}
