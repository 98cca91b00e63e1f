using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.AppServicePlans;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Sites;

/// <summary>Reads and checks the body of a web app.</summary>
/// <exception cref="ArmRejection">Every method: the body is not valid; the message names the member and what was expected.</exception>
internal sealed class SiteReader(ArmServices services, AppServicePlanStore plans)
{
    /// <summary>The site that a PUT asks for, and the plan to make for it because it names none.</summary>
    public (Site Site, AppServicePlan? NewPlan) Put(Site? existing, string name, ArmRequest request, DateTimeOffset now)
    {
        var group = request.Scope.ResourceGroup!; // checked by the caller
        if (existing is not null && !ArmRouter.Is(existing.ResourceGroup, group))
        {
            throw AppServiceErrors.NameTaken(name);
        }

        if (name.Length is 0 or > 60 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || name.StartsWith('-') || name.EndsWith('-'))
        {
            throw AppServiceErrors.BadRequest($"The site name '{name}' is invalid: expected 1 to 60 letters, digits and inner hyphens.");
        }

        var body = request.RequireBody();
        var members = Members(body);
        var region = members.Has("location") || existing is null ? services.Locations.Require(body, SiteWriter.SiteType) : existing.Region;
        if (existing is not null && !ArmLocations.Same(existing.Region, region))
        {
            throw ArmLocations.Moved(existing.Name, existing.Region, group, region);
        }

        var newPlan = existing is null && !members.Object("properties").Has("serverFarmId") ? DefaultPlan(group, region) : null;
        var site = existing ?? new Site
        {
            Name = name,
            ResourceGroup = group,
            Region = region,
            Status = SiteStatus.Running,
            ServerFarmId = AppServicePlanStore.IdOf(services.Scenario.SubscriptionId, group, AppServicePlanStore.DefaultNameOf(region)),
            LastModified = now,
        };
        return (Apply(site with { Tags = ArmTags.Read(body) }, members, now), newPlan);
    }

    /// <summary>The site that a PATCH asks for.</summary>
    public Site Patch(Site existing, JsonObject body, DateTimeOffset now) =>
        Apply(existing with { Tags = ArmTags.Read(body) ?? existing.Tags }, Members(body), now);

    /// <summary>The site with the members of a configuration in place of its own ones of those names.</summary>
    public static Site Configure(Site site, JsonMembers members, string member, DateTimeOffset now)
    {
        if (members.Copy(member) is not { } wanted)
        {
            return site;
        }

        var settings = wanted["appSettings"] is null ? site.Settings : Pairs(members.Object(member), wanted["appSettings"]!); // not null
        var merged = site.Configuration.DeepClone().AsObject();
        foreach (var (name, value) in wanted)
        {
            merged[name] = value?.DeepClone();
        }

        merged.Remove("appSettings");
        return site with { Configuration = merged, Settings = settings, LastModified = now };
    }

    /// <summary>Application settings as an object of names with values.</summary>
    public static ImmutableSortedDictionary<string, string> Settings(JsonMembers properties, JsonObject? body) => (body ?? [])
        .Select(each => KeyValuePair.Create(each.Key, properties.Text(each.Key) ?? ""))
        .ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static JsonMembers Members(JsonObject body) => new(body, "", AppServiceErrors.BadRequest);

    private Site Apply(Site site, JsonMembers members, DateTimeOffset now)
    {
        var properties = members.Object("properties");
        var enabled = properties.Flag("enabled");
        site = site with
        {
            Kind = members.Text("kind") ?? site.Kind,
            ServerFarmId = properties.Text("serverFarmId") is { } plan ? RequirePlan(plan, site) : site.ServerFarmId,
            HttpsOnly = properties.Flag("httpsOnly") ?? site.HttpsOnly,
            ClientAffinityEnabled = properties.Flag("clientAffinityEnabled") ?? site.ClientAffinityEnabled,
            Enabled = enabled ?? site.Enabled,
            Status = enabled == false ? SiteStatus.Stopped : enabled == true && !site.Enabled ? SiteStatus.Running : site.Status,
            LastModified = now,
        };
        return Configure(site, properties, "siteConfig", now);
    }

    /// <summary>Id of the plan, which may be given by name; it must have its instances and lie in the site's region.</summary>
    private string RequirePlan(string given, Site site)
    {
        var id = given.StartsWith('/') ? given : AppServicePlanStore.IdOf(services.Scenario.SubscriptionId, site.ResourceGroup, given);
        if (!plans.TryFind(id, out var plan))
        {
            throw AppServiceErrors.PlanNotFound(id.Split('/')[^1]);
        }

        if (plan.Status == PlanStatus.Creating)
        {
            throw Operations.OperationShapes.AppServicePlans.Busy(plan.Name);
        }

        return ArmRouter.Is(plan.Region, site.Region)
            ? plans.IdOf(plan)
            : throw AppServiceErrors.BadRequest(
                $"The location '{site.Region}' of the site '{site.Name}' is not that of its App Service plan '{plan.Name}': expected '{plan.Region}'.");
    }

    /// <summary>The plan to make for a site that names none; null when there is one.</summary>
    private AppServicePlan? DefaultPlan(string group, string region) =>
        plans.TryFind(group, AppServicePlanStore.DefaultNameOf(region), out _) ? null : new AppServicePlan
        {
            Name = AppServicePlanStore.DefaultNameOf(region),
            ResourceGroup = group,
            Region = region,
            Sku = PlanSku.Find("S1")!, // it is one of the table
        };

    private static ImmutableSortedDictionary<string, string> Pairs(JsonMembers configuration, JsonNode node)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var each in node as JsonArray ?? throw configuration.Wrong("appSettings", "an array of objects with name and value"))
        {
            if (each is not JsonObject pair || Members(pair).Text("name") is not { Length: > 0 } name)
            {
                throw AppServiceErrors.BadRequest("An item of 'properties.siteConfig.appSettings' is invalid: expected an object with name and value.");
            }

            pairs[name] = Members(pair).Text("value") ?? "";
        }

        return pairs.ToImmutable();
    }
}
