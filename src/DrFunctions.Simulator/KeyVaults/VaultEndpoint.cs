using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Listening;
using DrFunctions.Simulator.Requests;
using DrFunctions.Simulator.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator.KeyVaults;

/// <summary>The data plane of one vault, HTTPS at its region's address and a free port: keys as Key Vault 7.4 has them, as far as <see cref="VaultKeys"/> goes.</summary>
internal sealed class VaultEndpoint(ScenarioKeyVault vault, Scenario scenario, FaultSchedule faults, TimeProvider time) : IAsyncDisposable
{
    private static readonly string[] Versions = ["7.4", "7.5", "7.6"];

    private readonly VaultKeys _keys = new(vault, time);
    private LoopbackServer? _server;

    public string Name => vault.Name;

    public Uri Address { get; private set; } = null!; // set by StartAsync

    public KeyVaultState State => new(vault.Name, vault.Region, Address, _keys.Names);

    /// <exception cref="SimulatorStartException">The address cannot be used.</exception>
    public async Task StartAsync(X509Certificate2 certificate, RequestRecorder recorder, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        _keys.Reset();
        var region = scenario.Regions.First(each => string.Equals(each.Name, vault.Region, StringComparison.OrdinalIgnoreCase));
        _server = await LoopbackServer.StartAsync(
            new IPEndPoint(IPAddress.Parse(region.Address), 0),
            $"The key vault '{vault.Name}'",
            recorder.Around("vault/" + vault.Name, false, HandleAsync),
            loggers,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => IsDark ? Task.CompletedTask : next(connection));
                listen.UseHttps(certificate);
            },
            cancellationToken);
        Address = new Uri($"https://{region.Address}:{_server.Port}");
    }

    public void Reset() => _keys.Reset();

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }

        _keys.Dispose();
    }

    private bool IsDark => faults.IsDark(FaultTarget.Region, vault.Region);

    private async Task HandleAsync(HttpContext context)
    {
        if (IsDark)
        {
            RequestNote.Of(context).NoAnswer = true;
            return;
        }

        try
        {
            await RegionEndpoint.WriteJsonAsync(context, 200, await AnswerAsync(context));
        }
        catch (VaultRejection rejection)
        {
            await RegionEndpoint.WriteJsonAsync(context, rejection.Status, rejection.ToJson());
        }
    }

    private async Task<JsonObject> AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.ToString() is not ['B', 'e', 'a', 'r', 'e', 'r', ' ', _, ..])
        {
            context.Response.Headers.WWWAuthenticate = "Bearer authorization=\"https://login.windows.net/00000000-0000-0000-0000-000000000000\", resource=\"https://vault.azure.net\"";
            throw new VaultRejection(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.");
        }

        if (!Versions.Contains(context.Request.Query["api-version"].ToString(), StringComparer.Ordinal))
        {
            throw VaultRejection.BadParameter($"api-version: expected one of {string.Join(", ", Versions)}.");
        }

        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (method, address) = (context.Request.Method, Address.GetLeftPart(UriPartial.Authority));
        return path switch
        {
            ["keys", .. var rest] => _keys.Handle(address, method, rest, await ReadAsync(context.Request)),
            ["deletedkeys", var name, "recover"] when method == "POST" => _keys.Recover(address, name),
            _ => throw new VaultRejection(404, "NotFound", $"The simulator's vaults have nothing at '{context.Request.Path}'."),
        };
    }

    private static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var reader = new StreamReader(request.Body, leaveOpen: true); // The recorder reads the rest of it.
            return await reader.ReadToEndAsync(request.HttpContext.RequestAborted) is { Length: > 0 } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw VaultRejection.BadParameter("The request body is not JSON.");
        }
    }
}
