using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.Control;

/// <summary>The control API on the wire: JSON over plain HTTP, for this machine only.</summary>
internal sealed class ControlEndpoint(ISimulatorControls simulator)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
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
        catch (SimulatorStartException exception)
        {
            await RefuseAsync(context, 409, exception.Message);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // A page in a browser may name any host that leads here; only a loopback name is meant for us.
        var host = context.Request.Host.Host;
        if (host != "localhost" && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            await RefuseAsync(context, 403, $"The host '{host}' is not served; use a loopback address.");
            return;
        }

        var cancellationToken = context.RequestAborted;
        var segments = (context.Request.Path.Value ?? "/").Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (context.Request.Method, segments)
        {
            case ("GET", ["state"]):
                break;
            case ("GET", ["requests"]):
                await context.Response.WriteAsJsonAsync(simulator.Requests, SimulatorClient.Json, cancellationToken);
                return;
            case ("POST", ["regions", var region]):
                await simulator.SetRegionDarkAsync(region, (await ReadAsync<DarkRequest>(context)).Dark, cancellationToken);
                break;
            case ("POST", ["resource-manager"]):
                simulator.SetResourceManagerDark((await ReadAsync<DarkRequest>(context)).Dark);
                break;
            case ("POST", ["faults"]):
                simulator.AddFault(await ReadAsync<Fault>(context));
                break;
            case ("POST", ["reset"]):
                await simulator.ResetAsync(cancellationToken);
                break;
            default:
                await RefuseAsync(
                    context, 404, "The control API has GET /state, GET /requests, POST /regions/{name}, POST /resource-manager, POST /faults and POST /reset.");
                return;
        }

        await context.Response.WriteAsJsonAsync(simulator.State, SimulatorClient.Json, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new ArgumentException("The body must be JSON with the content type application/json.");
        }

        return await context.Request.ReadFromJsonAsync<T>(SimulatorClient.Json, context.RequestAborted)
            ?? throw new JsonException("expected a JSON object and found null.");
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = new { message } }, SimulatorClient.Json, context.RequestAborted);
    }
}
