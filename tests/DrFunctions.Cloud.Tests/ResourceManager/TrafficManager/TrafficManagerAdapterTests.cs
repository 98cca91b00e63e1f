using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.TrafficManager;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.TrafficManager;

public sealed class TrafficManagerAdapterTests : IAsyncLifetime
{
    private const string Profile = """
        {"id":"\/x","name":"shop","location":"global","tags":{"owner":"Jürgen <a&b>"},"unknown":{"kept":[1.50,1e2,12345678901234567890,null,true]},
        "properties":{"profileStatus":"Enabled","trafficRoutingMethod":"Priority",
        "dnsConfig":{"relativeName":"shop","fqdn":"shop.trafficmanager.net","ttl":30},
        "monitorConfig":{"profileMonitorStatus":"Degraded","protocol":"HTTP","port":80,"path":"\/health"},
        "endpoints":[
        {"name":"westeurope","type":"t/azureEndpoints","properties":{"endpointStatus":"Enabled","endpointMonitorStatus":"Degraded",
        "targetResourceId":"/a","target":"we.example","weight":1,"priority":1,"endpointLocation":null,"NestedProfile":null}},
        {"name":"northeurope","type":"t/azureEndpoints","properties":{"endpointStatus":"Enabled","endpointMonitorStatus":"Online",
        "targetResourceId":"/b","target":"ne.example","weight":1,"priority":2,"endpointLocation":null}}]}}
        """;

    private static readonly ResourceId s_profile =
        ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/shop");

    private static readonly TrafficProfile s_seen = new(
        s_profile,
        "Priority",
        "Degraded",
        "shop.trafficmanager.net",
        TimeSpan.FromSeconds(30),
        [
            new("westeurope", "we.example", true, 1, "Degraded") { Weight = 1 },
            new("northeurope", "ne.example", true, 2, "Online") { Weight = 1 },
        ]);

    private static readonly EndpointSetting[] s_swapped = [new("northeurope", true, 1), new("WestEurope", false, 2)];

    private FakeResourceManager _server = null!; // set by InitializeAsync

    public async Task InitializeAsync() => _server = await FakeResourceManager.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Read_Profile_HasEndpointsAndStates()
    {
        _server.Answer(200, Profile);
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);

        var profile = await new TrafficManagerAdapter(client).ReadAsync(s_profile, default);

        Assert.Equal(("Priority", "Degraded", "shop.trafficmanager.net", TimeSpan.FromSeconds(30)),
            (profile.RoutingMethod, profile.MonitorStatus, profile.Fqdn, profile.TimeToLive));
        Assert.Equal(
            [("westeurope", "we.example", true, 1, "Degraded"), ("northeurope", "ne.example", true, 2, "Online")],
            profile.Endpoints.Select(one => (one.Name, one.Target, one.Enabled, one.Priority, one.MonitorStatus)));
        Assert.True(RoutingSettings.Of(s_seen).AreOf(profile));
        Assert.Null(profile.Probing);
    }

    [Fact]
    public async Task Read_StatesNotTold_AreUnknown()
    {
        _server.Answer(200, Profile.Replace("\"Degraded\"", "null", StringComparison.Ordinal));
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);

        var profile = await new TrafficManagerAdapter(client).ReadAsync(s_profile, default);

        Assert.Equal(("Unknown", "Unknown"), (profile.MonitorStatus, profile.Endpoints[0].MonitorStatus));
    }

    [Fact]
    public async Task Read_NoProfile_IsNotFound()
    {
        _server.Answer(404, """{"code":"NotFound","message":"flat"}""");
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => new TrafficManagerAdapter(client).ReadAsync(s_profile, default));

        Assert.Equal("ResourceNotFound", failure.Code);
    }

    [Fact]
    public async Task Write_Swap_IsOnePutThatKeepsAllElseToTheByte()
    {
        _server.Answer(200, Profile).Answer(async context => await EchoAsync(context));

        await WriteAsync(s_swapped);

        Assert.Equal(
            [$"GET {s_profile}?api-version=2022-04-01", $"PUT {s_profile}?api-version=2022-04-01"], _server.Asked.Select(one => one.Line));
        var expected = Compact(Profile)
            .Replace("\"endpointStatus\":\"Enabled\",\"endpointMonitorStatus\":\"Degraded\"", "\"endpointStatus\":\"Disabled\",\"endpointMonitorStatus\":\"Degraded\"", StringComparison.Ordinal)
            .Replace("\"target\":\"we.example\",\"weight\":1,\"priority\":1", "\"target\":\"we.example\",\"weight\":1,\"priority\":2", StringComparison.Ordinal)
            .Replace("\"target\":\"ne.example\",\"weight\":1,\"priority\":2", "\"target\":\"ne.example\",\"weight\":1,\"priority\":1", StringComparison.Ordinal);
        Assert.Equal(expected, _server.Asked[1].Body);
    }

    [Fact]
    public async Task Write_NothingToChange_SendsNothing()
    {
        _server.Answer(200, Profile);

        await WriteAsync([new("northeurope", true, 2), new("westeurope", true, 1)]);

        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Write_UnknownEndpoint_NamesTheKnownOnesAndWritesNothing()
    {
        _server.Answer(200, Profile);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => WriteAsync([new("westeurope", true, 2), new("north", true, 1), new("northeurope", true, 3)]));

        Assert.Equal("UnknownEndpoint", failure.Code);
        Assert.EndsWith("has no endpoint 'north'; it has 'westeurope', 'northeurope'.", failure.Message, StringComparison.Ordinal);
        Assert.Single(_server.Asked);
    }

    [Theory]
    [InlineData(2, "priority 2 would be that of 'westeurope' and 'northeurope'")]
    [InlineData(0, "priority 0 of endpoint 'westeurope' is not between 1 and 1000")]
    [InlineData(1001, "priority 1001 of endpoint 'westeurope' is not between 1 and 1000")]
    public async Task Write_PriorityTakenOrOutside_IsRefused(int priority, string why)
    {
        _server.Answer(200, Profile);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => WriteAsync([new("westeurope", true, priority), new("northeurope", true, null)]));

        Assert.Equal("InvalidPriority", failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Write_ProfileChangedSinceItWasSeen_WritesNothing()
    {
        _server.Answer(200, Profile.Replace("\"priority\":2", "\"priority\":3", StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => WriteAsync(s_swapped));

        Assert.Equal(("ProfileChanged", true), (failure.Code, failure.IsTransient));
        Assert.Contains("it is now Priority: 'westeurope' enabled, priority 1, weight 1; 'northeurope' enabled, priority 3", failure.Message, StringComparison.Ordinal);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Write_EndpointLeftOut_IsRefused()
    {
        _server.Answer(200, Profile);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => WriteAsync([new("westeurope", false, 1)]));

        Assert.Equal("InvalidEndpoints", failure.Code);
        Assert.Contains("endpoint 'northeurope' is not named exactly once", failure.Message, StringComparison.Ordinal);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Write_MethodWeightsAndPlaces_AreInTheOnePut()
    {
        _server.Answer(200, Profile).Answer(EchoAsync);
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);

        await new TrafficManagerAdapter(client).WriteAsync(
            s_seen,
            new RoutingSettings("Weighted",
            [
                new("westeurope", true, null) { Weight = 990, Places = ["WORLD"] },
                new("northeurope", true, null) { Weight = 10, Places = ["GEO-EU", "DE"] },
            ]),
            default);

        Assert.Contains("\"trafficRoutingMethod\":\"Weighted\"", _server.Asked[1].Body, StringComparison.Ordinal);
        Assert.Contains("\"weight\":990,\"priority\":1,\"endpointLocation\":null,\"NestedProfile\":null,\"geoMapping\":[\"WORLD\"]", _server.Asked[1].Body, StringComparison.Ordinal);
        Assert.Contains("\"weight\":10,\"priority\":2,\"endpointLocation\":null,\"geoMapping\":[\"GEO-EU\",\"DE\"]", _server.Asked[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AnswerDiffers_IsAFailure()
    {
        _server.Answer(200, Profile).Answer(200, Profile);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => WriteAsync(s_swapped));

        Assert.Equal(("EndpointsNotWritten", true), (failure.Code, failure.IsTransient));
        Assert.Contains("the answer still differs: Priority: 'westeurope' enabled, priority 1, weight 1; 'northeurope' enabled, priority 2, weight 1.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AnswerLost_IsNotRepeatedSinceSomebodyElseMayHaveWrittenMeanwhile()
    {
        _server.Answer(200, Profile).Answer(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => WriteAsync(s_swapped));

        Assert.True(failure.IsTransient);
        Assert.Equal(["GET", "PUT"], _server.Asked.Select(asked => asked.Line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("""{"properties":{}}""")]
    [InlineData("""{"properties":{"endpoints":[1]}}""")]
    [InlineData("""{"properties":{"endpoints":[{"name":"westeurope"}]}}""")]
    public async Task Write_StrangeProfile_IsUnreadable(string body)
    {
        _server.Answer(200, body);

        Assert.Equal("ResourceManagerAnswerUnreadable", (await Assert.ThrowsAsync<RecoveryException>(() => WriteAsync(s_swapped))).Code);
    }

    private async Task WriteAsync(IReadOnlyList<EndpointSetting> endpoints)
    {
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);
        await new TrafficManagerAdapter(client).WriteAsync(s_seen, new RoutingSettings("Priority", endpoints), default);
    }

    private async Task EchoAsync(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(_server.Asked[^1].Body));
    }

    /// <summary>Without the line breaks between properties, and with the escaped slash as any writer writes it.</summary>
    private static string Compact(string json) =>
        json.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\\/", "/", StringComparison.Ordinal);
}
