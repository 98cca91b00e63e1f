using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>The management API of all instances that a filter matches.</summary>
internal sealed class InstanceListEndpoints(LocalDurableTaskClient client, TimeProvider time)
{
    /// <summary>One page of instances; where there are more, a header says how to go on.</summary>
    public async Task ListAsync(HttpContext http)
    {
        var query = new ManagementQuery(http.Request);
        var showInput = query.Flag("showInput", true);
        var filter = new OrchestrationQuery(
            query.Time("createdTimeFrom"),
            query.Time("createdTimeTo"),
            query.Statuses(),
            InstanceIdPrefix: query.Text("instanceIdPrefix"),
            PageSize: query.PageSize(),
            FetchInputsAndOutputs: true,
            ContinuationToken: query.ContinuationToken());
        await foreach (var page in client.GetAllInstancesAsync(filter).AsPages().WithCancellation(http.RequestAborted))
        {
            if (page.ContinuationToken is { } next)
            {
                http.Response.Headers[ManagementQuery.Continuation] = ManagementQuery.Header(next);
            }

            await http.Response.WriteAsJsonAsync(page.Values.Select(instance => InstanceView.Of(instance, showInput)), http.RequestAborted);
            return;
        }
    }

    /// <summary>Removes what has ended and matches; without a beginning nothing, so that nobody purges everything by mistake.</summary>
    public async Task PurgeAsync(HttpContext http)
    {
        var query = new ManagementQuery(http.Request);
        var from = query.Time("createdTimeFrom") ?? throw new BadQueryException("The query has no createdTimeFrom, expected a time such as 2030-01-31T12:00:00Z.");
        var filter = new PurgeInstancesFilter(from, query.Time("createdTimeTo") ?? time.GetUtcNow(), query.Statuses());
        var result = await client.PurgeAllInstancesAsync(filter, http.RequestAborted);
        if (result.PurgedInstanceCount == 0)
        {
            await PlainAnswer.WriteAsync(http, StatusCodes.Status404NotFound, "No instance that has ended matches.");
            return;
        }

        await http.Response.WriteAsJsonAsync(new { instancesDeleted = result.PurgedInstanceCount }, http.RequestAborted);
    }
}
