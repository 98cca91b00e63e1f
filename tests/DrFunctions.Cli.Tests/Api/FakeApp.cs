using System.Collections.Concurrent;
using System.Net;
using DrFunctions.Cli.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Cli.Tests.Api;

/// <summary>A real HTTP server that answers what a test says and remembers what it was asked.</summary>
internal sealed class FakeApp : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FakeApp(WebApplication server) => _server = server;

    public ConcurrentQueue<SeenRequest> Requests { get; } = [];

    public Uri Url => new(_server.Urls.First() + "/");

    public AppConnection Connection => new(Url, "the-function-key", "the-secret-key", "DR_KEY");

    /// <summary>Starts a server; the answer may differ from one call to the next.</summary>
    public static async Task<FakeApp> StartAsync(Func<SeenRequest, (int Status, string Body)> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var app = new FakeApp(server);
        server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var seen = new SeenRequest(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await reader.ReadToEndAsync());
            app.Requests.Enqueue(seen);
            var (status, body) = answer(seen);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        });
        await server.StartAsync();
        return app;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

internal sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
