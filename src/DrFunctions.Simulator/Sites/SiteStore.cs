using System.Diagnostics.CodeAnalysis;
using DrFunctions.Simulator.AppServicePlans;

namespace DrFunctions.Simulator.Sites;

/// <summary>All web apps. Thread safe; names are unique in the whole cloud, as their host names are.</summary>
internal sealed class SiteStore(Scenario scenario, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Site> _sites = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Raised after a site has appeared or changed.</summary>
    public event Action? Changed;

    public IReadOnlyList<Site> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _sites.Values.OrderBy(site => site.Name, StringComparer.OrdinalIgnoreCase)];
            }
        }
    }

    public bool TryFind(string name, [NotNullWhen(true)] out Site? site)
    {
        lock (_gate)
        {
            return _sites.TryGetValue(name, out site);
        }
    }

    public bool TryFindByHost(string host, [NotNullWhen(true)] out Site? site)
    {
        site = null;
        const string suffix = "." + Site.Zone;
        return host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && TryFind(host[..^suffix.Length], out site);
    }

    /// <summary>Creates the site or replaces it by what <paramref name="change"/> makes of the existing one, in one step.</summary>
    public Site Update(string name, Func<Site?, DateTimeOffset, Site> change)
    {
        Site updated;
        lock (_gate)
        {
            updated = change(_sites.GetValueOrDefault(name), time.GetUtcNow());
            _sites[name] = updated;
        }

        Changed?.Invoke();
        return updated;
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _sites.Remove(name);
        }

        Changed?.Invoke();
    }

    /// <summary>Removes all sites of a resource group.</summary>
    public void RemoveGroup(string resourceGroup)
    {
        lock (_gate)
        {
            foreach (var site in _sites.Values.Where(site => string.Equals(site.ResourceGroup, resourceGroup, StringComparison.OrdinalIgnoreCase)).ToList())
            {
                _sites.Remove(site.Name);
            }
        }

        Changed?.Invoke();
    }

    /// <summary>Puts all sites back to the scenario.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _sites.Clear();
            foreach (var site in scenario.Sites)
            {
                var group = scenario.ResourceGroups.First(name => string.Equals(name, site.ResourceGroup, StringComparison.OrdinalIgnoreCase));
                _sites.Add(site.Name, new Site
                {
                    Name = site.Name,
                    ResourceGroup = group,
                    Region = site.Region,
                    Status = site.State,
                    ServerFarmId = AppServicePlanStore.IdOf(scenario.SubscriptionId, group, AppServicePlanStore.NameOf(site)),
                    Content = site.ContentUrl is null ? null : new Uri(site.ContentUrl),
                    HealthPath = site.HealthPath,
                    LastModified = time.GetUtcNow(),
                });
            }
        }

        Changed?.Invoke();
    }
}
