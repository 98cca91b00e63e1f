using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.Control;

/// <summary>The control API on the wire: JSON over plain HTTP, for programs of this machine only.</summary>
internal sealed class ControlEndpoint(ISimulatorControls simulator)
{
    private const string Routes =
        "GET /state, GET /requests, GET /faults, POST /faults, DELETE /faults/{id}, POST /regions/{name}, POST /sites/{name}, POST /resource-manager and POST /reset";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (ForeignPage(context.Request) is { } reason)
            {
                await RefuseAsync(context, 403, reason);
                return;
            }

            await AnswerAsync(context);
        }
        catch (JsonException exception)
        {
            await RefuseAsync(context, 400, $"The body is not valid: {exception.Message}");
        }
        catch (ArgumentException exception)
        {
            await RefuseAsync(context, 400, exception.Message);
        }
        catch (RegexMatchTimeoutException exception)
        {
            await RefuseAsync(context, 400, $"path: the pattern '{exception.Pattern}' takes too long; expected one that decides at once.");
        }
        catch (SimulatorStartException exception)
        {
            await RefuseAsync(context, 409, exception.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client no longer waits.
        }
    }

    /// <summary>Why a request is not served: a page in a browser may send it to any name that leads here. Null when it is.</summary>
    private static string? ForeignPage(HttpRequest request)
    {
        var host = request.Host.Host;
        if (host != "localhost" && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            return $"The host '{host}' is not served; use a loopback address.";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}"
            ? $"The page '{origin}' may not use the control API."
            : null;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var segments = (context.Request.Path.Value ?? "/").Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (context.Request.Method, segments)
        {
            case ("GET", ["state"]):
                break;
            case ("GET", ["requests"]):
                var (filter, count) = RequestQuery.Read(context.Request.Query);
                await WriteAsync(context, await simulator.ReadRequestsAsync(filter, count, cancellationToken));
                return;
            case ("GET", ["faults"]):
                await WriteAsync(context, simulator.Faults);
                return;
            case ("POST", ["faults"]):
                await WriteAsync(context, new AddedFaults(simulator.AddFaults((await ReadAsync<FaultScript>(context)).Faults)));
                return;
            case ("DELETE", ["faults", var id]):
                if (!simulator.RemoveFault(id))
                {
                    await RefuseAsync(context, 404, $"There is no fault '{id}'.");
                    return;
                }

                break;
            case ("POST", ["regions", var region]):
                await simulator.SetRegionDarkAsync(region, (await ReadAsync<DarkRequest>(context)).Dark, cancellationToken);
                break;
            case ("POST", ["sites", var site]):
                simulator.SetSiteState(site, (await ReadAsync<SiteRequest>(context)).State);
                break;
            case ("POST", ["resource-manager"]):
                simulator.SetResourceManagerDark((await ReadAsync<DarkRequest>(context)).Dark);
                break;
            case ("POST", ["reset"]):
                await simulator.ResetAsync(cancellationToken);
                break;
            default:
                await RefuseAsync(context, 404, $"The control API has {Routes}.");
                return;
        }

        await WriteAsync(context, simulator.State);
    }

    private static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        // No form of a page can send this content type without asking first.
        if (!context.Request.HasJsonContentType())
        {
            throw new ArgumentException("The body must be JSON with the content type application/json.");
        }

        return await context.Request.ReadFromJsonAsync<T>(SimulatorClient.Json, context.RequestAborted)
            ?? throw new JsonException("expected a JSON object and found null.");
    }

    private static Task WriteAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, SimulatorClient.Json, context.RequestAborted);

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new { error = new { message } });
    }
}
