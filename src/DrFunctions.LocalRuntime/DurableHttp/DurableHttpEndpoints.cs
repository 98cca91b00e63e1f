using System.Text.Json;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>The durable HTTP management API of one instance, behind the system key <c>durabletask_extension</c>.</summary>
internal sealed class DurableHttpEndpoints(DurableTaskClient client, KeyGate gate)
{
    private const string Instance = "/runtime/webhooks/durabletask/instances/{id}";

    public static void Map(WebApplication app)
    {
        app.MapGet(Instance, Gated(_ => ShowAsync));
        app.MapDelete(Instance, Gated(api => api.PurgeAsync));
        app.MapPost(Instance + "/raiseEvent/{name}", Gated(api => api.RaiseAsync));
        app.MapPost(Instance + "/terminate", Gated(api => api.TerminateAsync));
        app.MapPost(Instance + "/suspend", Gated(api => api.SuspendAsync));
        app.MapPost(Instance + "/resume", Gated(api => api.ResumeAsync));
    }

    private static RequestDelegate Gated(Func<DurableHttpEndpoints, Func<HttpContext, OrchestrationMetadata, Task>> handler) => http =>
    {
        var api = http.RequestServices.GetRequiredService<DurableHttpEndpoints>();
        return api.HandleAsync(http, handler(api));
    };

    private async Task HandleAsync(HttpContext http, Func<HttpContext, OrchestrationMetadata, Task> handle)
    {
        if (!gate.Admits(http, HostKey.DurableTask))
        {
            return;
        }

        var id = (string?)http.Request.RouteValues["id"] ?? "";
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, http.RequestAborted) is { } metadata)
        {
            await handle(http, metadata);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private Task TerminateAsync(HttpContext http, OrchestrationMetadata metadata) => ChangeAsync(http, metadata, reason =>
        client.TerminateInstanceAsync(metadata.InstanceId, (object?)reason, http.RequestAborted));

    private Task SuspendAsync(HttpContext http, OrchestrationMetadata metadata) => ChangeAsync(http, metadata, reason =>
        client.SuspendInstanceAsync(metadata.InstanceId, reason, http.RequestAborted));

    private Task ResumeAsync(HttpContext http, OrchestrationMetadata metadata) => ChangeAsync(http, metadata, reason =>
        client.ResumeInstanceAsync(metadata.InstanceId, reason, http.RequestAborted));

    private static Task ShowAsync(HttpContext http, OrchestrationMetadata metadata)
    {
        if (!metadata.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            http.Response.Headers.Location = $"{http.Request.PathBase}{http.Request.Path}";
            http.Response.Headers.RetryAfter = "10";
        }

        return http.Response.WriteAsJsonAsync(
            new
            {
                name = metadata.Name,
                instanceId = metadata.InstanceId,
                runtimeStatus = metadata.RuntimeStatus.ToString(),
                input = Json(metadata.SerializedInput),
                customStatus = Json(metadata.SerializedCustomStatus),
                output = Json(metadata.SerializedOutput),
                createdTime = metadata.CreatedAt.UtcDateTime,
                lastUpdatedTime = metadata.LastUpdatedAt.UtcDateTime,
            },
            http.RequestAborted);
    }

    private async Task PurgeAsync(HttpContext http, OrchestrationMetadata metadata)
    {
        if (!metadata.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status409Conflict;
            return;
        }

        var result = await client.PurgeInstanceAsync(metadata.InstanceId, http.RequestAborted);
        await http.Response.WriteAsJsonAsync(new { instancesDeleted = result.PurgedInstanceCount }, http.RequestAborted);
    }

    private async Task RaiseAsync(HttpContext http, OrchestrationMetadata metadata)
    {
        if (metadata.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status410Gone;
            return;
        }

        JsonElement? payload = null;
        try
        {
            using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
            var body = await reader.ReadToEndAsync(http.RequestAborted);
            payload = string.IsNullOrWhiteSpace(body) ? null : JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await client.RaiseEventAsync(metadata.InstanceId, (string?)http.Request.RouteValues["name"] ?? "", payload, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static async Task ChangeAsync(HttpContext http, OrchestrationMetadata metadata, Func<string?, Task> change)
    {
        if (metadata.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status410Gone;
            return;
        }

        await change(http.Request.Query["reason"].FirstOrDefault());
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static JsonElement? Json(string? serialized) =>
        serialized is null ? null : JsonSerializer.Deserialize<JsonElement>(serialized);
}
