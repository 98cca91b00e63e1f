using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Sites;

/// <summary>Microsoft.Web/sites: read, list, create or update, start, stop and restart; all synchronous.</summary>
internal sealed class SitesProvider(ArmServices services, SiteStore sites, Func<Site, IEnumerable<string>> otherHostNames) : IResourceProvider
{
    private const string SiteType = "Microsoft.Web/sites";

    public string Namespace => "Microsoft.Web";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["sites"] =
        [
            "2025-03-01", "2024-11-01", "2024-04-01", "2023-12-01", "2023-01-01", "2022-09-01", "2022-03-01", "2021-03-01", "2021-02-01", "2021-01-15",
            "2021-01-01", "2020-12-01", "2020-10-01", "2020-09-01", "2020-06-01", "2019-08-01", "2018-11-01", "2018-02-01", "2016-08-01",
        ],
    };

    public IEnumerable<TrackedResource> Resources => sites.All.Select(site =>
        new TrackedResource(site.ResourceGroup, SiteType, site.Name, site.Region) { Kind = site.Kind, Tags = site.Tags, State = site.Status.ToString() });

    public void Reset() => sites.Reset();

    public void RemoveGroup(string resourceGroup) => sites.RemoveGroup(resourceGroup);

    public ArmResponse Handle(ArmRequest request)
    {
        var scope = request.Scope;
        if (scope.SubscriptionId is null)
        {
            throw new ArmRejection(404, "MissingSubscription", "The request did not have a subscription or a valid tenant level resource provider.");
        }

        if (request.Rest.Count == 1)
        {
            var listed = sites.All.Where(site => scope.ResourceGroup is null || ArmRouter.Is(site.ResourceGroup, scope.ResourceGroup));
            return request.Method == "GET"
                ? services.Pages.Page(request, listed, site => site.Name, site => Write(site, scope))
                : throw request.MethodNotAllowed();
        }

        if (scope.ResourceGroup is null)
        {
            throw new ArmRejection(404, "InvalidResourcePath", "A site lies in a resource group; the path names none.");
        }

        var name = request.Rest[1];
        switch (request.Rest.Count, request.Method)
        {
            case (2, "GET" or "HEAD"):
                return ArmResponse.Ok(Write(Find(name, scope.ResourceGroup), scope));
            case (2, "PUT"):
                return ArmResponse.Ok(Write(sites.Update(name, (existing, now) => Put(existing, name, request, now)), scope));
            case (3, "POST"):
                Act(name, request.Rest[2], scope.ResourceGroup);
                return ArmResponse.Ok();
            default:
                throw request.MethodNotAllowed();
        }
    }

    private Site Find(string name, string resourceGroup) =>
        sites.TryFind(name, out var site) && ArmRouter.Is(site.ResourceGroup, resourceGroup)
            ? site
            : throw ArmRejection.NotFound(SiteType, name, resourceGroup);

    private void Act(string name, string action, string resourceGroup)
    {
        SiteStatus? status = action.ToLowerInvariant() switch
        {
            "start" => SiteStatus.Running,
            "stop" => SiteStatus.Stopped,
            "restart" => null,
            _ => throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's sites have no action '{action}'; they have start, stop and restart."),
        };
        var site = Find(name, resourceGroup);
        sites.Update(site.Name, (existing, now) => (existing ?? site) with { Status = status ?? site.Status, LastModified = now });
    }

    private Site Put(Site? existing, string name, ArmRequest request, DateTimeOffset now)
    {
        if (existing is not null && !ArmRouter.Is(existing.ResourceGroup, request.Scope.ResourceGroup!)) // checked by the caller
        {
            throw new ArmRejection(409, "Conflict", $"Website with given name {name} already exists.") { ByService = true };
        }

        if (name.Length is 0 or > 60 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || name.StartsWith('-') || name.EndsWith('-'))
        {
            throw new ArmRejection(400, "BadRequest", $"The site name '{name}' is invalid: expected 1 to 60 letters, digits and inner hyphens.") { ByService = true };
        }

        var body = request.RequireBody();
        var region = Text(body, "location") is { } location
            ? services.Locations.Require(location, SiteType)
            : existing?.Region ?? services.Locations.Require(body, SiteType);
        var site = existing ?? new Site
        {
            Name = name,
            ResourceGroup = request.Scope.ResourceGroup!, // checked by the caller
            Region = region,
            Status = SiteStatus.Running,
            LastModified = now,
        };
        return site with
        {
            Region = region,
            Kind = Text(body, "kind") ?? site.Kind,
            Tags = body["tags"]?.DeepClone(),
            ServerFarmId = body["properties"] is JsonObject properties ? Text(properties, "serverFarmId") ?? site.ServerFarmId : site.ServerFarmId,
            LastModified = now,
        };
    }

    private static string? Text(JsonObject body, string member) => body[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw new ArmRejection(400, "BadRequest", $"The member '{member}' is invalid: expected a string.") { ByService = true },
    };

    private JsonObject Write(Site site, ArmScope scope)
    {
        var scm = site.DefaultHostName.Replace("." + Site.Zone, ".scm." + Site.Zone, StringComparison.Ordinal);
        string[] hosts = [site.DefaultHostName, .. otherHostNames(site)];
        var json = new JsonObject
        {
            ["id"] = scope.ResourceId(site.ResourceGroup, SiteType, site.Name),
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
                ["enabled"] = true,
                ["enabledHostNames"] = Strings([.. hosts, scm]),
                ["availabilityState"] = "Normal",
                ["hostNameSslStates"] = new JsonArray([SslState(site.DefaultHostName, "Standard"), SslState(scm, "Repository")]),
                ["serverFarmId"] = site.ServerFarmId
                    ?? scope.ResourceId(site.ResourceGroup, "Microsoft.Web/serverfarms", "plan-" + site.Region),
                ["lastModifiedTimeUtc"] = site.LastModified.UtcDateTime,
                ["resourceGroup"] = site.ResourceGroup,
                ["defaultHostName"] = site.DefaultHostName,
                ["httpsOnly"] = false,
            },
        };
        if (site.Tags is not null)
        {
            json["tags"] = site.Tags.DeepClone();
        }

        return json;
    }

    private static JsonObject SslState(string host, string type) => new() { ["name"] = host, ["sslState"] = "Disabled", ["hostType"] = type };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
