using System.Text.Json;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Keys;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>
/// The durable HTTP management API, behind the system key <c>durabletask_extension</c>. Every refusal is a status and a sentence; a
/// request that changes something is a span, and the cause of what it starts.
/// </summary>
internal sealed class DurableHttpEndpoints(
    InstanceEndpoints instances, InstanceListEndpoints lists, StartEndpoint start, KeyGate gate, DurableOptions options)
{
    private const string All = ManagementLinks.Base + "/instances";
    private const string One = All + "/{id}";
    private const string New = ManagementLinks.Base + "/orchestrators/{name}";

    private InstanceEndpoints Instances { get; } = instances;

    private InstanceListEndpoints Lists { get; } = lists;

    private StartEndpoint Start { get; } = start;

    public static void Map(WebApplication app)
    {
        app.MapGet(All, Gated(null, api => api.Lists.ListAsync));
        app.MapGet(One, Gated(null, api => api.Instances.ShowAsync));
        Map(app, HttpMethods.Delete, All, api => api.Lists.PurgeAsync);
        Map(app, HttpMethods.Delete, One, api => api.Instances.PurgeAsync);
        Map(app, HttpMethods.Post, New, api => api.Start.StartAsync);
        Map(app, HttpMethods.Post, New + "/{id}", api => api.Start.StartAsync);
        Map(app, HttpMethods.Post, One + "/raiseEvent/{name}", api => api.Instances.RaiseAsync);
        Map(app, HttpMethods.Post, One + "/terminate", api => api.Instances.TerminateAsync);
        Map(app, HttpMethods.Post, One + "/suspend", api => api.Instances.SuspendAsync);
        Map(app, HttpMethods.Post, One + "/resume", api => api.Instances.ResumeAsync);
        Map(app, HttpMethods.Post, One + "/rewind", _ => http => NotHereAsync(http, "rewind"));
        Map(app, HttpMethods.Post, One + "/restart", _ => http => NotHereAsync(http, "restart"));
    }

    private static void Map(IEndpointRouteBuilder app, string method, string route, Func<DurableHttpEndpoints, RequestDelegate> handler) =>
        app.MapMethods(route, [method], Gated(route, handler));

    private static RequestDelegate Gated(string? tracedAs, Func<DurableHttpEndpoints, RequestDelegate> handler) => http =>
    {
        var api = http.RequestServices.GetRequiredService<DurableHttpEndpoints>();
        return api.HandleAsync(http, tracedAs, handler(api));
    };

    private async Task HandleAsync(HttpContext http, string? tracedAs, RequestDelegate handle)
    {
        if (!gate.Admits(http, HostKey.DurableTask))
        {
            return;
        }

        using var span = tracedAs is null ? null : RequestTrace.Begin(http, tracedAs);
        try
        {
            RefuseOtherHubs(new ManagementQuery(http.Request));
            await handle(http);
        }
        catch (BadQueryException e)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (ArgumentException e)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, e.Message); // An instance id that cannot be, say.
        }
        catch (JsonException e)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, $"The body is not JSON: {e.Message}");
        }
        catch (InvalidDataException e)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status409Conflict, e.Message); // The instance cannot be read; to ask again does not help.
        }
        catch (HubStoreException e)
        {
            http.Response.Headers.RetryAfter = "5";
            await PlainAnswer.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, e.Message);
        }

        if (span is not null)
        {
            RequestTrace.End(span, http);
        }
    }

    // The official extension serves every hub that a connection reaches; here there is one.
    private void RefuseOtherHubs(ManagementQuery query)
    {
        if (query.Text("taskHub") is { } hub && !string.Equals(hub, options.HubName, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadQueryException($"The query's taskHub is '{hub}', expected this host's, '{options.HubName}'.");
        }

        if (query.Text("connection") is { } connection && !string.Equals(connection, ManagementLinks.Connection, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadQueryException($"The query's connection is '{connection}', expected '{ManagementLinks.Connection}'.");
        }
    }

    private static Task NotHereAsync(HttpContext http, string operation) =>
        PlainAnswer.WriteAsync(http, StatusCodes.Status501NotImplemented, $"The local runtime has no {operation}.");
}
