using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>Starts an orchestration, and waits for its end if the caller asks for that.</summary>
internal sealed class StartEndpoint(LocalDurableTaskClient client, ManagementLinks links, TimeProvider time)
{
    /// <summary>202 with the management addresses; with <c>timeout</c> and <c>pollingInterval</c> 200 with the output of what has ended by then.</summary>
    public async Task StartAsync(HttpContext http)
    {
        var query = new ManagementQuery(http.Request);
        var (timeout, interval) = (query.Seconds("timeout"), query.Seconds("pollingInterval"));
        if (interval > timeout)
        {
            throw new BadQueryException($"The query's pollingInterval is {interval.Value.TotalSeconds} s, expected no more than the timeout, {timeout.Value.TotalSeconds} s.");
        }

        if (!links.AreKnown)
        {
            http.Response.Headers.RetryAfter = "5";
            await PlainAnswer.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "The keys are not loaded yet.");
            return;
        }

        var input = await PlainAnswer.ReadJsonAsync(http);
        var options = new StartOrchestrationOptions((string?)http.Request.RouteValues["id"]);
        string id;
        try
        {
            id = await client.ScheduleNewOrchestrationInstanceAsync((string?)http.Request.RouteValues["name"] ?? "", input, options, http.RequestAborted);
        }
        catch (InvalidOperationException e)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status409Conflict, e.Message); // The id is in use.
            return;
        }

        if (timeout is { } patience && interval is not null && await EndAsync(http, id, patience) is { } ended)
        {
            await AnswerAsync(http, ended);
            return;
        }

        var payload = links.Of(http.Request, id);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = payload["statusQueryGetUri"];
        http.Response.Headers.RetryAfter = "10";
        await http.Response.WriteAsJsonAsync(payload, http.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext http, OrchestrationMetadata ended) => ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
        ? http.Response.WriteAsJsonAsync(InstanceView.Json(ended.SerializedOutput), http.RequestAborted)
        : http.Response.WriteAsJsonAsync(InstanceView.Of(ended, showInput: true), http.RequestAborted);

    private async Task<OrchestrationMetadata?> EndAsync(HttpContext http, string id, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted);
        try
        {
            return await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return null;
        }
    }
}
