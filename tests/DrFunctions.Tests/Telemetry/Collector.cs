using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Telemetry;

/// <summary>A collector: takes OTLP over HTTP on a port of its own, and keeps what it is sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private Collector(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>The spans, as opentelemetry-proto lays them out: request, resource (1), scope (2), span (2).</summary>
    public IReadOnlyList<Span> Spans =>
    [
        .. from message in Of("/v1/traces")
           from resource in Wire.Read(message).Where(part => part.Field == 1)
           from scope in resource[2]
           from span in scope[2]
           select new Span(
               span[1].First().Hex,
               span[2].First().Hex,
               span[4].Select(part => part.Hex).FirstOrDefault(""),
               span[5].First().Text,
               span[6].Select(part => (int)part.Number).FirstOrDefault(),
               span[9].ToDictionary(tag => tag[1].First().Text, tag => tag[2].SelectMany(value => value[1]).Select(text => text.Text).FirstOrDefault(""))),
    ];

    /// <summary>The names of the metrics, and of the resources' attributes.</summary>
    public IReadOnlySet<string> Metrics =>
    (
        from message in Of("/v1/metrics")
        from resource in Wire.Read(message).Where(part => part.Field == 1)
        from scope in resource[2]
        from metric in scope[2]
        select metric[1].First().Text).ToHashSet(StringComparer.Ordinal);

    /// <summary>Everything that came, as text.</summary>
    public IEnumerable<string> Texts => _received.Select(each => System.Text.Encoding.UTF8.GetString(each.Body));

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.MapPost("{**path}", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            collector._received.Enqueue((http.Request.Path, body.ToArray()));
        });
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<byte[]> Of(string path) => _received.Where(each => each.Path == path).Select(each => each.Body);

    /// <param name="Trace">The trace's id.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Parent">Its parent's id; empty for none.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Kind">1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
    /// <param name="Tags">Its attributes that are texts.</param>
    internal sealed record Span(string Trace, string Id, string Parent, string Name, int Kind, IReadOnlyDictionary<string, string> Tags);
}
