using System.Globalization;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;
using DrFunctions.Simulator.Sites;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.Web;

/// <summary>The scripted faults of web apps.</summary>
internal sealed class SiteGate(FaultSchedule faults, FaultDelay delay)
{
    /// <returns>Whether the site is to answer; else the fault has answered, or nobody does.</returns>
    public async Task<bool> LetsPassAsync(Site site, HttpContext context)
    {
        var query = new FaultQuery(FaultTarget.Site) { Name = site.Name, Method = context.Request.Method, Path = context.Request.Path.Value };
        if (faults.Take(query) is not { } hit)
        {
            return true;
        }

        var note = RequestNote.Of(context);
        note.Fault = hit.Id;
        if (!await delay.PassAsync(hit, context.RequestAborted))
        {
            note.NoAnswer = true;
            return false;
        }

        if (hit.Fault.Kind == FaultKind.Delay)
        {
            return true;
        }

        await WriteAsync(context, hit.Fault);
        return false;
    }

    private static Task WriteAsync(HttpContext context, Fault fault)
    {
        context.Response.StatusCode = fault.Status ?? (fault.Kind == FaultKind.Body ? 200 : 500);
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (fault.RetryAfter is { } again)
        {
            context.Response.Headers.RetryAfter = ((int)again.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return context.Response.WriteAsync(fault.Body ?? "A scripted fault of the simulator.\n", context.RequestAborted);
    }
}
