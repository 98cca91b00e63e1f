using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;

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
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = control, Timeout = Timeout.InfiniteTimeSpan };
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

    /// <summary>Starts or stops a web app, as Resource Manager would.</summary>
    public Task SetSiteStateAsync(string site, SiteStatus state, CancellationToken cancellationToken = default) =>
        SendAsync<SimulatorState>(HttpMethod.Post, "sites/" + Uri.EscapeDataString(site), new SiteRequest { State = state }, cancellationToken);

    /// <summary>Scripts faults, all or none; their times count from now.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> AddFaultsAsync(IReadOnlyList<Fault> faults, CancellationToken cancellationToken = default) =>
        (await SendAsync<AddedFaults>(HttpMethod.Post, "faults", new FaultScript { Faults = faults }, cancellationToken)).Ids;

    /// <summary>Scripts one fault.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> AddFaultAsync(Fault fault, CancellationToken cancellationToken = default) =>
        (await AddFaultsAsync([fault], cancellationToken))[0];

    /// <summary>Lists the faults in the order they were added.</summary>
    public Task<IReadOnlyList<FaultState>> GetFaultsAsync(CancellationToken cancellationToken = default) =>
        SendAsync<IReadOnlyList<FaultState>>(HttpMethod.Get, "faults", null, cancellationToken);

    /// <summary>Ends a fault and forgets it.</summary>
    public Task RemoveFaultAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync<SimulatorState>(HttpMethod.Delete, "faults/" + Uri.EscapeDataString(id), null, cancellationToken);

    /// <summary>Reads the request log.</summary>
    public Task<RequestPage> GetRequestsAsync(RequestFilter? filter = null, CancellationToken cancellationToken = default) =>
        SendAsync<RequestPage>(HttpMethod.Get, RequestQuery.Write(filter ?? new RequestFilter(), 0), null, cancellationToken);

    /// <summary>Waits until the log has at least <paramref name="count"/> such requests; those that came before count.</summary>
    /// <param name="filter">Which; <see cref="RequestFilter.After"/> leaves out what is known.</param>
    /// <param name="count">1 to the filter's limit.</param>
    /// <param name="cancellationToken">Ends the wait, which has no other end.</param>
    public Task<RequestPage> WaitForAsync(RequestFilter filter, int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return SendAsync<RequestPage>(HttpMethod.Get, RequestQuery.Write(filter, count), null, cancellationToken);
    }

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

internal sealed record SiteRequest
{
    public required SiteStatus State { get; init; }
}

internal sealed record AddedFaults(IReadOnlyList<string> Ids);
