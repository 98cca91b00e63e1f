using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>The management API of one instance.</summary>
internal sealed class InstanceEndpoints(LocalDurableTaskClient client)
{
    /// <summary>The status: 202 with where to ask again while it runs, 200 once it has ended.</summary>
    public async Task ShowAsync(HttpContext http)
    {
        var query = new ManagementQuery(http.Request);
        var (showInput, showHistory) = (query.Flag("showInput", true), query.Flag("showHistory", false));
        var (showOutput, failsOnFailure) = (query.Flag("showHistoryOutput", false), query.Flag("returnInternalServerErrorOnFailure", false));
        if (await FindAsync(http, withValues: true) is not { } instance)
        {
            return;
        }

        var view = InstanceView.Of(instance, showInput);
        var parts = showOutput ? InstanceParts.Everything : InstanceParts.History;
        if (showHistory && await client.GetStateAsync(instance.InstanceId, parts, http.RequestAborted) is { } state)
        {
            view["historyEvents"] = HistoryView.Of(state, showOutput);
        }

        if (!instance.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            http.Response.Headers.Location = http.Request.GetEncodedUrl();
            http.Response.Headers.RetryAfter = "10";
        }
        else if (failsOnFailure && instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed)
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        await http.Response.WriteAsJsonAsync(view, http.RequestAborted);
    }

    public async Task PurgeAsync(HttpContext http)
    {
        if (await FindAsync(http) is not { } instance)
        {
            return;
        }

        if (!instance.IsCompleted)
        {
            await PlainAnswer.WriteAsync(
                http,
                StatusCodes.Status412PreconditionFailed,
                $"Instance '{instance.InstanceId}' is {instance.RuntimeStatus}; only one that has ended can be purged.");
            return;
        }

        var result = await client.PurgeInstanceAsync(instance.InstanceId, http.RequestAborted);
        await http.Response.WriteAsJsonAsync(new { instancesDeleted = result.PurgedInstanceCount }, http.RequestAborted);
    }

    public async Task RaiseAsync(HttpContext http)
    {
        if (await FindLiveAsync(http) is not { } instance)
        {
            return;
        }

        if (!http.Request.HasJsonContentType())
        {
            await PlainAnswer.WriteAsync(
                http, StatusCodes.Status400BadRequest, $"The body's content type is '{http.Request.ContentType}', expected application/json.");
            return;
        }

        var payload = await PlainAnswer.ReadJsonAsync(http);
        await client.RaiseEventAsync(instance.InstanceId, Value(http, "name"), payload, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public Task TerminateAsync(HttpContext http) => ChangeAsync(http, (id, reason) =>
        client.TerminateInstanceAsync(id, (object?)reason, http.RequestAborted));

    public Task SuspendAsync(HttpContext http) => ChangeAsync(http, (id, reason) => client.SuspendInstanceAsync(id, reason, http.RequestAborted));

    public Task ResumeAsync(HttpContext http) => ChangeAsync(http, (id, reason) => client.ResumeInstanceAsync(id, reason, http.RequestAborted));

    private async Task ChangeAsync(HttpContext http, Func<string, string?, Task> change)
    {
        if (await FindLiveAsync(http) is { } instance)
        {
            await change(instance.InstanceId, new ManagementQuery(http.Request).Text("reason"));
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private async Task<OrchestrationMetadata?> FindLiveAsync(HttpContext http)
    {
        var instance = await FindAsync(http);
        if (instance is not { IsCompleted: true })
        {
            return instance;
        }

        await PlainAnswer.WriteAsync(
            http, StatusCodes.Status410Gone, $"Instance '{instance.InstanceId}' has ended: it is {instance.RuntimeStatus}.");
        return null;
    }

    private async Task<OrchestrationMetadata?> FindAsync(HttpContext http, bool withValues = false)
    {
        var id = Value(http, "id");
        if (await client.GetInstanceAsync(id, withValues, http.RequestAborted) is { } found)
        {
            return found;
        }

        await PlainAnswer.WriteAsync(http, StatusCodes.Status404NotFound, $"There is no instance '{id}'.");
        return null;
    }

    private static string Value(HttpContext http, string name) => (string?)http.Request.RouteValues[name] ?? "";
}
