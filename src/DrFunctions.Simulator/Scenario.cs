using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrFunctions.Simulator;

/// <summary>A cloud written as data: what exists when the simulator starts and after every reset.</summary>
/// <remarks>As JSON the members are camelCase, comments and trailing commas are allowed and unknown members are refused.</remarks>
public sealed record Scenario
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    /// <summary>The one subscription.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>Names of the resource groups; case does not matter.</summary>
    public IReadOnlyList<string> ResourceGroups { get; init; } = [];

    /// <summary>The regions; each has a loopback address of its own.</summary>
    public IReadOnlyList<ScenarioRegion> Regions { get; init; } = [];

    /// <summary>The web apps.</summary>
    public IReadOnlyList<ScenarioSite> Sites { get; init; } = [];

    /// <summary>The App Service plans; those that sites run on without naming one need not be here.</summary>
    public IReadOnlyList<ScenarioAppServicePlan> AppServicePlans { get; init; } = [];

    /// <summary>The Traffic Manager profiles.</summary>
    public IReadOnlyList<ScenarioProfile> TrafficManagerProfiles { get; init; } = [];

    /// <summary>The Azure Database for PostgreSQL flexible servers.</summary>
    public IReadOnlyList<ScenarioPostgreSqlServer> PostgreSqlServers { get; init; } = [];

    /// <summary>The storage accounts, as Resource Manager knows them; their content is not simulated.</summary>
    public IReadOnlyList<ScenarioStorageAccount> StorageAccounts { get; init; } = [];

    /// <summary>How Resource Manager behaves: throttling, pages, durations of operations.</summary>
    public ScenarioResourceManager ResourceManager { get; init; } = new();

    /// <summary>The only bearer token that Resource Manager accepts; absent, any non-empty one is accepted.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Where DNS clients are that no network of <see cref="ClientNetworks"/> holds: a Traffic Manager geography code; default <c>WORLD</c>.</summary>
    public string ClientLocation { get; init; } = "WORLD";

    /// <summary>What weighted choices, ids and all else that looks random come from; default 0. The same seed gives the same.</summary>
    public long Seed { get; init; }

    /// <summary>Where DNS clients are, by the EDNS client subnet that they send or else by the address that they ask from.</summary>
    public IReadOnlyList<ScenarioClientNetwork> ClientNetworks { get; init; } = [];

    /// <summary>How near places are to regions, where that is not to follow from the distance.</summary>
    public IReadOnlyList<ScenarioLatency> Latencies { get; init; } = [];

    /// <summary>Reads a scenario from a JSON file.</summary>
    /// <exception cref="ScenarioException">The file cannot be read or the scenario is not valid.</exception>
    public static Scenario Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string json;
        try
        {
            json = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"{path}: the file cannot be read: {exception.Message}", exception);
        }

        return Parse(json);
    }

    /// <summary>Reads a scenario from JSON.</summary>
    /// <exception cref="ScenarioException">The JSON is malformed, or the scenario is not valid; then every mistake is named.</exception>
    public static Scenario Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Scenario scenario;
        try
        {
            scenario = JsonSerializer.Deserialize<Scenario>(json, Json)
                ?? throw new ScenarioException("$: expected a JSON object and found null");
        }
        catch (JsonException exception)
        {
            throw new ScenarioException(Describe(exception), exception);
        }

        scenario.Validate();
        return scenario;
    }

    /// <summary>Writes the scenario as JSON that <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Checks the whole scenario.</summary>
    /// <exception cref="ScenarioException">It is not valid; every mistake is named.</exception>
    public void Validate()
    {
        var errors = ScenarioValidator.Check(this);
        if (errors.Count > 0)
        {
            throw new ScenarioException(errors);
        }
    }

    private static string Describe(JsonException exception)
    {
        var place = exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? path[2..]
            : $"line {exception.LineNumber + 1}";
        return $"{place}: {exception.Message}";
    }
}
