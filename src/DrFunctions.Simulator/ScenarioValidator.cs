using System.Globalization;
using System.Net;
using DrFunctions.Simulator.AppServicePlans;
using DrFunctions.Simulator.Authorization;
using DrFunctions.Simulator.Deployments;
using DrFunctions.Simulator.FlexibleServers;
using DrFunctions.Simulator.KeyVaults;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Sites;
using DrFunctions.Simulator.SqlFailoverGroups;
using DrFunctions.Simulator.StorageAccounts;
using DrFunctions.Simulator.TrafficManager;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator;

/// <summary>Finds every mistake of a scenario.</summary>
internal static class ScenarioValidator
{
    public static List<string> Check(Scenario scenario)
    {
        var errors = new List<string>();
        if (scenario.SubscriptionId.Length == 0 || scenario.SubscriptionId.Contains('/'))
        {
            errors.Add($"subscriptionId: expected a subscription id and found '{scenario.SubscriptionId}'");
        }

        if (scenario.BearerToken is { Length: 0 })
        {
            errors.Add("bearerToken: expected a token and found an empty string; leave it out to accept any token");
        }

        CheckUnique(errors, "resourceGroups", scenario.ResourceGroups);
        CheckResourceManager(errors, scenario.ResourceManager);
        CheckRegions(errors, scenario);
        CheckSites(errors, scenario);
        ScenarioPlans.Check(errors, scenario);
        ScenarioSql.Check(errors, scenario);
        LinkedTemplates.Check(errors, scenario);
        ScenarioRoles.Check(errors, scenario);
        CheckClients(errors, scenario);
        CheckLatencies(errors, scenario);
        CheckServers(errors, scenario);
        CheckAccounts(errors, scenario);
        ScenarioVaults.Check(errors, scenario);

        // Profiles lead to sites by their ids, and these lie in groups and regions: they are judged once those are right.
        string[] before = ["subscriptionId", "resourceGroups", "regions", "sites"];
        if (!errors.Exists(error => before.Any(member => error.StartsWith(member, StringComparison.Ordinal))))
        {
            CheckProfiles(errors, scenario);
        }

        return errors;
    }

    private static void CheckResourceManager(List<string> errors, ScenarioResourceManager options)
    {
        Check(options.ThrottlingScale is > 0 and <= 1000, "throttlingScale", "a number above 0 and at most 1000", options.ThrottlingScale);
        Check(options.PageSize is >= 1 and <= 1000, "pageSize", "1 to 1000", options.PageSize);
        Check(options.RetryAfterSeconds is null or (>= 0 and <= 600), "retryAfterSeconds", "0 to 600", options.RetryAfterSeconds ?? 0);
        Check(options.OperationSeconds is null or (>= 0 and <= 86400), "operationSeconds", "0 to 86400", options.OperationSeconds ?? 0);
        foreach (var (name, seconds) in options.OperationSecondsByName)
        {
            Check(seconds is >= 0 and <= 86400, $"operationSecondsByName.{name}", "0 to 86400", seconds);
        }

        void Check(bool valid, string member, string expected, double found)
        {
            if (!valid)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"resourceManager.{member}: expected {expected} and found {found}"));
            }
        }
    }

    private static void CheckRegions(List<string> errors, Scenario scenario)
    {
        if (scenario.Regions.Count == 0)
        {
            errors.Add("regions: expected at least one region and found none");
        }

        CheckUnique(errors, "regions[].name", scenario.Regions.Select(region => region.Name));
        CheckUnique(errors, "regions[].address", scenario.Regions.Select(region => region.Address));
        for (var i = 0; i < scenario.Regions.Count; i++)
        {
            var address = scenario.Regions[i].Address;
            if (!IPAddress.TryParse(address, out var parsed) || !IPAddress.IsLoopback(parsed) || parsed.ToString() != address
                || parsed.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork)
            {
                errors.Add($"regions[{i}].address: expected an address such as 127.0.0.11 (127.0.0.0/8) and found '{address}'");
            }
        }
    }

    private static void CheckSites(List<string> errors, Scenario scenario)
    {
        CheckUnique(errors, "sites[].name", scenario.Sites.Select(site => site.Name));
        for (var i = 0; i < scenario.Sites.Count; i++)
        {
            var site = scenario.Sites[i];
            CheckGroup(errors, $"sites[{i}].resourceGroup", site.ResourceGroup, scenario);
            if (!Dns.DnsName.TryParse(Site.HostNameOf(site.Name), out var host) || host.Labels.Count != 3)
            {
                errors.Add($"sites[{i}].name: expected a DNS label and found '{site.Name}'");
            }

            if (!scenario.Regions.Any(region => ArmRouter.Is(region.Name, site.Region)))
            {
                errors.Add($"sites[{i}].region: expected one of {string.Join(", ", scenario.Regions.Select(region => region.Name))} and found '{site.Region}'");
            }

            if (site.ContentUrl is not null && (!Uri.TryCreate(site.ContentUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")))
            {
                // The value may carry a signature: it is not repeated.
                errors.Add($"sites[{i}].contentUrl: expected an absolute http or https URL");
            }

            if (site.HealthPath is not ['/', ..])
            {
                errors.Add($"sites[{i}].healthPath: expected a path that starts with '/' and found '{site.HealthPath}'");
            }
        }
    }

    private static void CheckServers(List<string> errors, Scenario scenario)
    {
        CheckUnique(errors, "postgreSqlServers[].name", scenario.PostgreSqlServers.Select(server => server.Name));
        CheckUnique(errors, "postgreSqlServers[].virtualEndpoint", scenario.PostgreSqlServers.Select(server => server.VirtualEndpoint).OfType<string>());
        for (var i = 0; i < scenario.PostgreSqlServers.Count; i++)
        {
            CheckGroup(errors, $"postgreSqlServers[{i}].resourceGroup", scenario.PostgreSqlServers[i].ResourceGroup, scenario);
        }

        ScenarioServers.Check(errors, scenario);
    }

    private static void CheckAccounts(List<string> errors, Scenario scenario)
    {
        CheckUnique(errors, "storageAccounts[].name", scenario.StorageAccounts.Select(account => account.Name));
        for (var i = 0; i < scenario.StorageAccounts.Count; i++)
        {
            CheckGroup(errors, $"storageAccounts[{i}].resourceGroup", scenario.StorageAccounts[i].ResourceGroup, scenario);
        }

        ScenarioAccounts.Check(errors, scenario);
    }

    private static void CheckClients(List<string> errors, Scenario scenario)
    {
        CheckPlace(errors, "clientLocation", scenario.ClientLocation);
        for (var i = 0; i < scenario.ClientNetworks.Count; i++)
        {
            var client = scenario.ClientNetworks[i];
            CheckPlace(errors, $"clientNetworks[{i}].location", client.Location);
            if (!IPNetwork.TryParse(client.Subnet, out var network) || network.ToString() != client.Subnet)
            {
                errors.Add($"clientNetworks[{i}].subnet: expected a network such as 203.0.113.0/24, the bits after the prefix zero, and found '{client.Subnet}'");
            }
        }
    }

    private static void CheckProfiles(List<string> errors, Scenario scenario)
    {
        var sites = new SiteStore(scenario, TimeProvider.System);
        sites.Reset();
        var reader = new ProfileReader(new EndpointReader(scenario, sites));
        var profiles = scenario.TrafficManagerProfiles;
        CheckUnique(errors, "trafficManagerProfiles[].name", profiles.Select(profile => $"{profile.ResourceGroup}/{profile.Name}"));
        CheckUnique(errors, "trafficManagerProfiles[].relativeName", profiles.Select(profile => profile.RelativeName ?? profile.Name));
        var read = new List<TrafficProfile>();
        for (var i = 0; i < profiles.Count; i++)
        {
            CheckGroup(errors, $"trafficManagerProfiles[{i}].resourceGroup", profiles[i].ResourceGroup, scenario);
            for (var j = 0; j < profiles[i].Endpoints.Count; j++)
            {
                var endpoint = profiles[i].Endpoints[j];
                var at = $"trafficManagerProfiles[{i}].endpoints[{j}]";
                string?[] given = [endpoint.Site is null ? null : "site", endpoint.Target is null ? null : "target", endpoint.Profile is null ? null : "profile"];
                if (given.Count(member => member is not null) is not 1 and var count)
                {
                    errors.Add($"{at}: expected one of site, target and profile and found {(count == 0 ? "none" : string.Join(" and ", given.OfType<string>()))}");
                }
                else if (endpoint.Profile is not null && profiles.Count(profile => ArmRouter.Is(profile.Name, endpoint.Profile)) is not 1 and var named)
                {
                    errors.Add($"{at}.profile: expected the name of one profile and found '{endpoint.Profile}', which {(named == 0 ? "none" : "more than one")} has");
                }
                else if (endpoint.Site is not null && !sites.TryFind(endpoint.Site, out _))
                {
                    errors.Add($"{at}.site: expected one of {string.Join(", ", scenario.Sites.Select(site => site.Name))} and found '{endpoint.Site}'");
                }
            }

            try
            {
                read.Add(ScenarioProfiles.Read(scenario, profiles[i], reader));
            }
            catch (ArmRejection rejection)
            {
                errors.Add($"trafficManagerProfiles[{i}]: Traffic Manager refuses it: {rejection.Message}");
            }
        }

        if (errors.Count == 0)
        {
            CheckTogether(errors, read);
        }
    }

    private static void CheckTogether(List<string> errors, List<TrafficProfile> profiles)
    {
        try
        {
            new ProfileStore().Reset(profiles);
        }
        catch (ArmRejection rejection)
        {
            errors.Add($"trafficManagerProfiles: Traffic Manager refuses them: {rejection.Message}");
        }
    }

    private static void CheckLatencies(List<string> errors, Scenario scenario)
    {
        for (var i = 0; i < scenario.Latencies.Count; i++)
        {
            var latency = scenario.Latencies[i];
            CheckPlace(errors, $"latencies[{i}].from", latency.From);
            if (!AzureRegions.IsKnown(latency.To) && !scenario.Regions.Any(region => AzureRegions.Same(region.Name, latency.To)))
            {
                errors.Add($"latencies[{i}].to: expected a region such as westeurope and found '{latency.To}'");
            }

            if (!double.IsFinite(latency.Milliseconds) || latency.Milliseconds < 0)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"latencies[{i}].milliseconds: expected a number that is not negative and found {latency.Milliseconds}"));
            }
        }

        CheckUnique(errors, "latencies[] from and to", scenario.Latencies.Select(latency => $"{latency.From} to {AzureRegions.Normalize(latency.To)}"));
    }

    private static void CheckGroup(List<string> errors, string member, string group, Scenario scenario)
    {
        if (!scenario.ResourceGroups.Any(name => ArmRouter.Is(name, group)))
        {
            errors.Add($"{member}: expected one of {string.Join(", ", scenario.ResourceGroups)} and found '{group}'");
        }
    }

    private static void CheckPlace(List<string> errors, string member, string code)
    {
        if (!Geography.IsKnown(code))
        {
            errors.Add($"{member}: expected a geography code such as WORLD, GEO-EU or DE and found '{code}'");
        }
    }

    private static void CheckUnique(List<string> errors, string member, IEnumerable<string> names)
    {
        foreach (var group in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase))
        {
            if (group.Key.Length == 0)
            {
                errors.Add($"{member}: a name is empty");
            }
            else if (group.Count() > 1)
            {
                errors.Add($"{member}: '{group.Key}' occurs {group.Count()} times; each may occur once");
            }
        }
    }
}
