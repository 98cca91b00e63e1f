using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrFunctions.Simulator.Control;

/// <summary>The control API of a running simulator, typed. Thread safe.</summary>
/// <exception cref="HttpRequestException">Every method: the simulator does not answer or refuses; the message carries its reason.</exception>
public sealed class SimulatorClient : IDisposable
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by people with curl, never inside HTML
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private readonly HttpClient _http;

    /// <summary>Creates a client of the control API at <paramref name="control"/>, such as <see cref="AzureSimulator.Control"/>.</summary>
    public SimulatorClient(Uri control)
    {
        ArgumentNullException.ThrowIfNull(control);
        _http = new HttpClient { BaseAddress = control };
    }

    /// <summary>Reads the state of everything.</summary>
    public Task<SimulatorState> GetStateAsync(CancellationToken cancellationToken = default) =>
        SendAsync<SimulatorState>(HttpMethod.Get, "state", null, cancellationToken);

    /// <summary>Takes a region's web endpoints down or brings them back.</summary>
    public Task SetRegionDarkAsync(string region, bool dark, CancellationToken cancellationToken = default) =>
        SendAsync<SimulatorState>(HttpMethod.Post, "regions/" + Uri.EscapeDataString(region), new DarkRequest { Dark = dark }, cancellationToken);

    /// <summary>Makes Resource Manager close every connection without an answer, or answer again.</summary>
    public Task SetResourceManagerDarkAsync(bool dark, CancellationToken cancellationToken = default) =>
        SendAsync<SimulatorState>(HttpMethod.Post, "resource-manager", new DarkRequest { Dark = dark }, cancellationToken);

    /// <summary>Scripts a fault; faults strike in the order they were added.</summary>
    public Task AddFaultAsync(Fault fault, CancellationToken cancellationToken = default) =>
        SendAsync<SimulatorState>(HttpMethod.Post, "faults", fault, cancellationToken);

    /// <summary>Lists the requests that Resource Manager received, oldest first.</summary>
    public Task<IReadOnlyList<LoggedRequest>> GetRequestsAsync(CancellationToken cancellationToken = default) =>
        SendAsync<IReadOnlyList<LoggedRequest>>(HttpMethod.Get, "requests", null, cancellationToken);

    /// <summary>Puts everything back to the scenario: sites, profiles, regions; forgets faults and requests.</summary>
    public Task ResetAsync(CancellationToken cancellationToken = default) =>
        SendAsync<SimulatorState>(HttpMethod.Post, "reset", null, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var reason = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"The simulator answered {(int)response.StatusCode} to {method} /{path}: {reason}", null, response.StatusCode);
        }

        return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken)
            ?? throw new HttpRequestException($"The simulator answered null to {method} /{path}.");
    }
}

internal sealed record DarkRequest
{
    public required bool Dark { get; init; }
}
