using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Tests.Dns;

namespace DrFunctions.Simulator.Tests;

/// <summary>A running simulator with a client for each of its wires.</summary>
internal sealed class Simulation : IAsyncDisposable
{
    public const string ProfilePath =
        "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Network/trafficmanagerprofiles/shop";

    public const string SitesPath = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Web/sites";

    private static readonly Dictionary<string, string> Versions = new()
    {
        ["Microsoft.Network"] = "2022-04-01",
        ["Microsoft.Web"] = "2025-03-01",
        ["Microsoft.DBforPostgreSQL"] = "2025-08-01",
        ["Microsoft.Sql"] = "2023-08-01-preview",
        ["Microsoft.Resources"] = "2024-07-01",
        ["Microsoft.Storage"] = "2023-05-01",
    };

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Simulation(AzureSimulator simulator, VirtualTime time)
    {
        Simulator = simulator;
        Time = time;
        Control = new SimulatorClient(simulator.Control);
        Arm = new HttpClient(TrustingHandler(simulator.CertificateThumbprint)) { BaseAddress = simulator.ResourceManager };
        Arm.DefaultRequestHeaders.Authorization = new("Bearer", "a-token");
        Dns = new DnsClient(simulator.Dns);
        Web = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });
    }

    public AzureSimulator Simulator { get; }

    public VirtualTime Time { get; }

    public SimulatorClient Control { get; }

    public HttpClient Arm { get; }

    public DnsClient Dns { get; }

    public HttpClient Web { get; }

    public static Task<Simulation> StartAsync(Scenario? scenario = null, params IReadOnlyList<Fault> faults) =>
        StartAsync(scenario ?? Scenarios.Shop(), new VirtualTime(), faults);

    public static async Task<Simulation> StartAsync(Scenario scenario, VirtualTime time, params IReadOnlyList<Fault> faults)
    {
        var options = new SimulatorOptions { Scenario = scenario, TimeProvider = time, Faults = faults };
        return new Simulation(await AzureSimulator.StartAsync(options), time);
    }

    public static SocketsHttpHandler TrustingHandler(string thumbprint) => new()
    {
        UseProxy = false,
        SslOptions = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && certificate.GetCertHashString(HashAlgorithmName.SHA256) == thumbprint,
        },
    };

    /// <summary>Sends one request to Resource Manager; a path without a query gets an api-version.</summary>
    public async Task<(HttpStatusCode Status, JsonObject? Body, HttpResponseMessage Response)> SendAsync(string method, string path, object? body = null)
    {
        var version = Versions.FirstOrDefault(each => path.Contains(each.Key, StringComparison.OrdinalIgnoreCase)).Value ?? "2022-09-01";
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Contains('?') ? path : $"{path}?api-version={version}");
        request.Content = body is null ? null : JsonContent.Create(body);
        var response = await Arm.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject(), response);
    }

    /// <summary>Lets everything under way end, then reads the status of the operation that an answer leads to.</summary>
    public async Task<JsonObject> FinishAsync(HttpResponseMessage accepted)
    {
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var url = Assert.Single(accepted.Headers.GetValues("Azure-AsyncOperation"));
        Time.Advance(TimeSpan.FromMinutes(10));
        var (status, body, _) = await SendAsync("GET", url);
        Assert.Equal(HttpStatusCode.OK, status);
        return body!;
    }

    public Task<HttpResponseMessage> GetWebAsync(string address, string host, string path = "/health")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://{address}:{Simulator.WebPort}{path}");
        request.Headers.Host = host;
        return Web.SendAsync(request);
    }

    public async Task<EndpointState> EndpointAsync(string name) =>
        (await Control.GetStateAsync()).Profiles.SelectMany(profile => profile.Endpoints).Single(endpoint => endpoint.Name == name);

    /// <summary>Waits until the endpoint's state is as wanted; the clock stands still meanwhile.</summary>
    public async Task<EndpointState> UntilAsync(string endpoint, Func<EndpointState, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var state = await EndpointAsync(endpoint);
            if (wanted(state))
            {
                return state;
            }

            Assert.False(patience.IsCancellationRequested, $"waited in vain; the endpoint is {state}");
            await Task.Delay(10);
        }
    }

    /// <summary>Lets the endpoint be probed once more.</summary>
    public async Task<EndpointState> ProbeAgainAsync(string endpoint)
    {
        var before = await EndpointAsync(endpoint);
        Time.Advance(TimeSpan.FromSeconds(10));
        return await UntilAsync(endpoint, state => state.Probes > before.Probes);
    }

    public async ValueTask DisposeAsync()
    {
        Web.Dispose();
        Arm.Dispose();
        Control.Dispose();
        await Simulator.DisposeAsync();
    }
}
