using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.Evaluation.Resources;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.Evaluation;

/// <summary>Reads web apps and their App Service plans. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class ResourceReader(ResourceManagerClient client) : IResourceReader
{
    private const string ApiVersion = "2024-11-01";

    // Of the app, and of its configuration as the app shows it: how it runs, and who can reach it.
    private static readonly string[] s_ofTheApp = ["httpsOnly", "clientCertEnabled", "clientAffinityEnabled", "reserved"];

    private static readonly string[] s_ofItsConfiguration =
    [
        "linuxFxVersion", "netFrameworkVersion", "alwaysOn", "use32BitWorkerProcess", "webSocketsEnabled", "http20Enabled", "minTlsVersion", "healthCheckPath", "ftpsState",
    ];

    /// <inheritdoc/>
    public async Task<WebAppFacts?> ReadWebAppAsync(ResourceId site, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(RequestMethod.Get, site, null, ApiVersion, null, cancellationToken);
        if (answer.Missing is not null)
        {
            return null;
        }

        var body = answer.Object();
        var plan = ResourceId.TryParse(body.TextOrNull("properties", "serverFarmId"), out var id)
            ? await client.SendAsync(RequestMethod.Get, id, null, ApiVersion, null, cancellationToken)
            : null;
        return new WebAppFacts(
            body.TextOrNull("location"),
            body.TextOrNull("kind"),
            body.TextOrNull("properties", "state"),
            plan?.Json.TextOrNull("sku", "name"),
            plan?.Json.TextOrNull("sku", "tier"))
        {
            Settings = SettingsOf(body.At("properties")),
        };
    }

    private static IReadOnlyDictionary<string, string> SettingsOf(JsonNode? properties)
    {
        var settings = new Dictionary<string, string>();
        Add(properties, s_ofTheApp);
        Add(properties.At("siteConfig"), s_ofItsConfiguration);
        return settings.Count == 0 ? WebAppFacts.NoSettings : settings;

        void Add(JsonNode? from, IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                if (from.At(name) is JsonValue value)
                {
                    settings[name] = value.ToString();
                }
            }
        }
    }
}
