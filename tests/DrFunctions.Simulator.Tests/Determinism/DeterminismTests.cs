using System.Text;
using System.Text.Json;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Faults;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.Determinism;

/// <summary>One scenario, one fault script, one seed and the same requests in virtual time: the same answers, log and state, octet by octet.</summary>
public class DeterminismTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private static readonly Fault[] Script =
    [
        new() { Id = "lost", On = FaultTarget.Region, Kind = FaultKind.Dark, Name = "northeurope", At = TimeSpan.FromSeconds(12), For = TimeSpan.FromSeconds(20) },
        new() { Id = "throttled", On = FaultTarget.ResourceManager, Kind = FaultKind.Throttle, Skip = 2, Count = 3 },
        new() { Id = "failing", After = "throttled", On = FaultTarget.Dns, Kind = FaultKind.ServFail, For = TimeSpan.FromSeconds(10) },
        new() { Id = "sick", On = FaultTarget.Site, Kind = FaultKind.Error, Name = "shop-fr", At = TimeSpan.FromSeconds(20), Count = 2 },
    ];

    [Fact]
    public async Task TwoRuns_SameSeed_AreTheSame()
    {
        var first = await PlayAsync(42);

        Assert.Equal(first, await PlayAsync(42));
        Assert.Contains("127.0.0.12", first, StringComparison.Ordinal);
        Assert.Contains("Connection refused", first, StringComparison.Ordinal);
        Assert.Contains("\"fault\":\"failing\"", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRuns_OtherSeeds_AreNot() => Assert.NotEqual(await PlayAsync(42), await PlayAsync(43));

    private static async Task<string> PlayAsync(long seed)
    {
        var scenario = Scenario.Load(RepositoryRoot.Combine("samples", "scenarios", "weighted-three.json")) with { Seed = seed };
        await using var simulation = await Simulation.StartAsync(scenario, Script);
        var transcript = new StringBuilder();
        var sites = $"/subscriptions/{scenario.SubscriptionId}/resourceGroups/shop/providers/Microsoft.Web/sites";
        for (var step = 0; step < 10; step++)
        {
            await QuietAsync(simulation, 1 + (step / 2));
            for (var i = 0; i < 4; i++)
            {
                await simulation.Dns.AskAsync("shop.trafficmanager.net");
            }

            var (status, _, response) = await simulation.SendAsync(step % 2 == 0 ? "GET" : "POST", step % 2 == 0 ? sites : $"{sites}/shop-we/restart");
            transcript.AppendLine(FormattableString.Invariant($"{(int)status} {response.Headers.GetValues("x-ms-request-id").Single()}"));
            using var page = await simulation.GetWebAsync("127.0.0.13", "shop-fr.azurewebsites.net");
            transcript.AppendLine(await page.Content.ReadAsStringAsync());
            simulation.Time.Advance(Step);
        }

        await QuietAsync(simulation, 6);
        var state = await simulation.Control.GetStateAsync();
        state = state with { ResourceManager = new("https://localhost"), CertificateThumbprint = "", Dns = "", WebPort = 0 };
        transcript.AppendLine(JsonSerializer.Serialize(state, SimulatorClient.Json));
        foreach (var request in (await simulation.Control.GetRequestsAsync()).Requests)
        {
            transcript.AppendLine(JsonSerializer.Serialize(request, SimulatorClient.Json));
        }

        return transcript.ToString();
    }

    /// <summary>Waits until every endpoint was probed so often and the regions are as the script wants them; the clock stands still.</summary>
    private static async Task QuietAsync(Simulation simulation, int probes)
    {
        using var patience = new CancellationTokenSource(Simulation.Patience);
        while (true)
        {
            var state = await simulation.Control.GetStateAsync(patience.Token);
            var dark = state.Faults.Any(fault => fault is { Id: "lost", Status: FaultStatus.Active });
            if (state.Profiles[0].Endpoints.All(endpoint => endpoint.Probes == probes) && state.Regions.Single(region => region.Name == "northeurope").Dark == dark)
            {
                return;
            }

            await Task.Delay(5, patience.Token);
        }
    }
}
