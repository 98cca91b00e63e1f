using System.Text.Json;
using DrFunctions.Simulator.Files;

namespace DrFunctions.Simulator;

/// <summary>A cloud written as data: what exists when the simulator starts and after every reset.</summary>
/// <remarks>As JSON the members are camelCase, comments and trailing commas are allowed and unknown members are refused.</remarks>
public sealed record Scenario
{
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

    /// <summary>The logical servers of Azure SQL Database with their databases.</summary>
    public IReadOnlyList<ScenarioSqlServer> SqlServers { get; init; } = [];

    /// <summary>The failover groups of Azure SQL Database.</summary>
    public IReadOnlyList<ScenarioSqlFailoverGroup> SqlFailoverGroups { get; init; } = [];

    /// <summary>The Traffic Manager profiles.</summary>
    public IReadOnlyList<ScenarioProfile> TrafficManagerProfiles { get; init; } = [];

    /// <summary>The Azure Database for PostgreSQL flexible servers.</summary>
    public IReadOnlyList<ScenarioPostgreSqlServer> PostgreSqlServers { get; init; } = [];

    /// <summary>The storage accounts, as Resource Manager knows them; their content is not simulated.</summary>
    public IReadOnlyList<ScenarioStorageAccount> StorageAccounts { get; init; } = [];

    /// <summary>The key vaults: what their keys do, not how Resource Manager knows them.</summary>
    public IReadOnlyList<ScenarioKeyVault> KeyVaults { get; init; } = [];

    /// <summary>The templates that deployments can link to; nothing else is ever downloaded.</summary>
    public IReadOnlyList<ScenarioLinkedTemplate> LinkedTemplates { get; init; } = [];

    /// <summary>How Resource Manager behaves: throttling, pages, durations of operations.</summary>
    public ScenarioResourceManager ResourceManager { get; init; } = new();

    /// <summary>The only bearer token that Resource Manager accepts; absent, any non-empty one is accepted.</summary>
    public string? BearerToken { get; init; }

    /// <summary>What callers may do, as their roles say; none, the default, means everything.</summary>
    public IReadOnlyList<ScenarioRole> Permissions { get; init; } = [];

    /// <summary>Where DNS clients are that no network of <see cref="ClientNetworks"/> holds: a Traffic Manager geography code; default <c>WORLD</c>.</summary>
    public string ClientLocation { get; init; } = "WORLD";

    /// <summary>What weighted choices, ids and all else that looks random come from; default 0. The same seed gives the same.</summary>
    public long Seed { get; init; }

    /// <summary>Where DNS clients are, by the EDNS client subnet that they send or else by the address that they ask from.</summary>
    public IReadOnlyList<ScenarioClientNetwork> ClientNetworks { get; init; } = [];

    /// <summary>How near places are to regions, where that is not to follow from the distance.</summary>
    public IReadOnlyList<ScenarioLatency> Latencies { get; init; } = [];

    /// <summary>Reads a scenario from a JSON file.</summary>
    /// <exception cref="ScenarioException">The file cannot be read or the scenario is not valid; then every mistake is named with its line and column.</exception>
    public static Scenario Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return InputFile.TryReadText(path, out var text) is { } reason ? throw new ScenarioException(reason) : Parse(text);
    }

    /// <summary>Reads a scenario from JSON.</summary>
    /// <exception cref="ScenarioException">The JSON is malformed, or the scenario is not valid; then every mistake is named with its line and column.</exception>
    public static Scenario Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return InputFile.Read<Scenario>(json, FileSchema.Scenario, InputJson.Scenario, scenario => ScenarioValidator.Check(scenario).Select(ToMistake), out var mistakes)
            ?? throw new ScenarioException(mistakes);
    }

    /// <summary>The JSON Schema (2020-12) of the file.</summary>
    public static string Schema => FileSchema.Scenario.Text;

    /// <summary>Writes the scenario as JSON that <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, InputJson.Scenario);

    /// <summary>Checks the whole scenario.</summary>
    /// <exception cref="ScenarioException">It is not valid; every mistake is named.</exception>
    public void Validate()
    {
        var errors = ScenarioValidator.Check(this);
        if (errors.Count > 0)
        {
            throw new ScenarioException([.. errors.Select(ToMistake)]);
        }
    }

    private static Mistake ToMistake(string error) =>
        error.Split(": ", 2) is [var path, var message] ? new Mistake(path, message) : new Mistake("", error);
}
