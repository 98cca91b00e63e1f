using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Sites;

/// <summary>Writes web apps as App Service shows them: never their settings.</summary>
internal sealed class SiteWriter(Func<Site, IEnumerable<string>> otherHostNames)
{
    public const string SiteType = "Microsoft.Web/sites";

    /// <summary>Members of a site's configuration that hold secrets.</summary>
    private static readonly string[] Secret = ["appSettings", "connectionStrings", "azureStorageAccounts"];

    public JsonObject Write(Site site, ArmScope scope)
    {
        var scm = site.DefaultHostName.Replace("." + Site.Zone, ".scm." + Site.Zone, StringComparison.Ordinal);
        string[] hosts = [site.DefaultHostName, .. otherHostNames(site)];
        var json = new JsonObject
        {
            ["id"] = IdOf(site, scope),
            ["name"] = site.Name,
            ["type"] = SiteType,
            ["kind"] = site.Kind,
            ["location"] = site.Region,
            ["properties"] = new JsonObject
            {
                ["state"] = site.Status.ToString(),
                ["hostNames"] = Strings(hosts),
                ["repositorySiteName"] = site.Name,
                ["usageState"] = "Normal",
                ["enabled"] = site.Enabled,
                ["enabledHostNames"] = Strings([.. hosts, scm]),
                ["availabilityState"] = "Normal",
                ["hostNameSslStates"] = new JsonArray([SslState(site.DefaultHostName, "Standard"), SslState(scm, "Repository")]),
                ["serverFarmId"] = site.ServerFarmId,
                ["lastModifiedTimeUtc"] = site.LastModified.UtcDateTime,
                ["siteConfig"] = Configuration(site),
                ["clientAffinityEnabled"] = site.ClientAffinityEnabled,
                ["resourceGroup"] = site.ResourceGroup,
                ["defaultHostName"] = site.DefaultHostName,
                ["httpsOnly"] = site.HttpsOnly,
            },
        };
        if (site.Tags is not null)
        {
            json["tags"] = site.Tags.DeepClone();
        }

        return json;
    }

    public static string IdOf(Site site, ArmScope scope) => scope.ResourceId(site.ResourceGroup, SiteType, site.Name);

    /// <summary>A part of the configuration as a child resource.</summary>
    public static JsonObject WriteChild(Site site, ArmScope scope, string child, JsonObject properties) => new()
    {
        ["id"] = IdOf(site, scope) + "/config/" + child,
        ["name"] = child,
        ["type"] = SiteType + "/config",
        ["location"] = site.Region,
        ["properties"] = properties,
    };

    /// <summary>The configuration without what may be secret.</summary>
    public static JsonObject Configuration(Site site)
    {
        var shown = site.Configuration.DeepClone().AsObject();
        foreach (var member in Secret)
        {
            shown.Remove(member);
        }

        return shown;
    }

    private static JsonObject SslState(string host, string type) => new() { ["name"] = host, ["sslState"] = "Disabled", ["hostType"] = type };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
