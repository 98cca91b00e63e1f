using System.Diagnostics;
using DrFunctions.App.Deployments;
using DrFunctions.Recovery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.App.Telemetry;

public sealed class TelemetryExportTests
{
    private const int Client = 3;

    [Fact]
    public async Task Alert_WithATrace_IsOneTreeDownToStorageAndResourceManagerAtTheCollector()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await Deployment.StartAsync(null, Settings(collector.Address.ToString()));
        await app.PrepareAsync(app.Plan.Hasty());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);

        using var cause = new Activity("the monitor").SetIdFormat(ActivityIdFormat.W3C);
        cause.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        cause.Start();
        await app.Api.DeliverAsync(Alerts.Common("loss", ShopPlan.West, app.Time.GetUtcNow()));
        Activity.Current = null; // What the test asks for from here on is not the alert's doing.
        await app.Api.EndedAsync("shop-000001-failover");
        var spans = await Eventually.SeeAsync(
            () => Task.FromResult(Of(collector, cause)),
            seen => seen.Any(span => span.Name == "orchestration:Run") && seen.Any(span => span.Name == "orchestration:Incident"),
            "both orchestrations are exported");
        await app.Host.StopAsync();
        spans = Of(collector, cause);

        var byId = spans.ToDictionary(span => span.Id);
        Assert.All(spans, span => Assert.True(byId.ContainsKey(span.Parent) || span.Parent == cause.SpanId.ToHexString(), $"{span.Name} has no parent"));
        var call = spans.First(span => span.Kind == Client && Url(span).Contains("/trafficManagerProfiles/shop?", StringComparison.Ordinal));
        Assert.Equal(
            [
                "function Alert", "create_orchestration:Incident", "orchestration:Incident", "activity:StartIncidentRun", "activity:StartIncidentRun",
                "create_orchestration:Run", "orchestration:Run", "activity:AttemptStep", "activity:AttemptStep",
            ],
            Ancestors(call).Select(span => span.Name).Reverse().SkipWhile(name => name != "function Alert"));
        Assert.Contains(spans, span => span.Kind == Client && Url(span).Contains($"/{app.Storage.North}/files/index.html", StringComparison.Ordinal));
        Assert.All(spans, span => Assert.DoesNotMatch(@"\?(?!\*$)", Url(span)));
        Assert.Superset(
            new HashSet<string> { "faas.invoke_duration", "durabletask.store.duration", "durabletask.hub.held", "http.server.request.duration" },
            collector.Metrics.ToHashSet());
        Assert.Contains(collector.Texts, text => text.Contains("drfunctions", StringComparison.Ordinal) && text.Contains("northeurope", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Spans, span => span.Kind == Client && span.Parent.Length == 0);

        IEnumerable<Collector.Span> Ancestors(Collector.Span? span)
        {
            while (span is not null && byId.TryGetValue(span.Parent, out span))
            {
                yield return span;
            }
        }
    }

    [Fact]
    public async Task Collector_ThatDoesNotAnswer_KeepsTheAppFromNothing()
    {
        await using var app = await Deployment.StartAsync(null, Settings("http://127.0.0.1:1"));

        Assert.Equal(200, (await app.Api.GetAsync("api/health")).Status);
        await app.Host.StopAsync();
    }

    [Theory]
    [InlineData("localhost:4317")]
    [InlineData("collector")]
    [InlineData("ftp://collector")]
    public void Endpoint_ThatIsNoAddress_IsRefusedByName(string value)
    {
        var mistake = Assert.Throws<RecoveryException>(() => TelemetryExport.Add(new ServiceCollection(), Configuration(value)));

        Assert.Equal("InvalidSettings", mistake.Code);
        Assert.Contains($"OTEL_EXPORTER_OTLP_ENDPOINT is '{value}'", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Endpoint_ThatIsNotSet_AddsNothing(string? value)
    {
        var services = new ServiceCollection();

        TelemetryExport.Add(services, Configuration(value));

        Assert.Empty(services);
    }

    [Fact]
    public async Task CallsSignature_IsCutOffTheSpan()
    {
        await using var collector = await Collector.StartAsync();
        using var export = new TelemetryExport(Configuration(collector.Address.ToString(), "http/protobuf"));
        await export.StartAsync(default);
        using var cause = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        cause.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        cause.Start();

        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-functions-key", "k-secret");
        var address = new UriBuilder(collector.Address) { UserName = "user", Password = "p-secret", Path = "blob", Query = "?sv=2024&sig=s-secret&code=c-secret" };
        using var answer = await http.PostAsync(address.Uri, new StringContent("body"));
        await ((IHostedService)export).StopAsync(default);

        Assert.Equal($"{collector.Address}blob?*", Url(Assert.Single(Of(collector, cause))));
        Assert.DoesNotContain(collector.Texts, text => text.Contains("secret", StringComparison.Ordinal));
    }

    private static List<Collector.Span> Of(Collector collector, Activity cause) =>
        [.. collector.Spans.Where(span => span.Trace == cause.TraceId.ToHexString())];

    private static string Url(Collector.Span span) => span.Tags.GetValueOrDefault("url.full", "");

    private static (string, string)[] Settings(string endpoint) =>
    [
        (TelemetryExport.EndpointName, endpoint),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];

    private static IConfiguration Configuration(string? endpoint, string protocol = "grpc") => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            [TelemetryExport.EndpointName] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        })
        .Build();
}
