using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Events;

/// <summary>A topic on loopback that takes what Event Grid takes.</summary>
internal sealed class Topic(WebApplication app, ConcurrentQueue<JsonElement> events) : IAsyncDisposable
{
    /// <summary>What arrived, repetitions included.</summary>
    public IReadOnlyList<JsonElement> Events => [.. events];

    /// <summary>The settings that lead to it, under <c>OPERATORS</c>.</summary>
    public (string Name, string Value)[] Settings => [("OPERATORS__topicEndpointUri", $"{app.Urls.First()}/api/events"), ("OPERATORS__topicKey", "c2VjcmV0")];

    public static async Task<Topic> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var (app, events) = (builder.Build(), new ConcurrentQueue<JsonElement>());
        app.Run(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            foreach (var one in body.RootElement.EnumerateArray())
            {
                events.Enqueue(one.Clone());
            }

            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        await app.StartAsync();
        return new Topic(app, events);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
