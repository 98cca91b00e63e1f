using DrFunctions.Simulator.AppServicePlans;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Sites;

/// <summary>Microsoft.Web/sites: create, change, read, list, delete, start, stop and restart, and their configuration; all synchronous.</summary>
internal sealed class SitesProvider(ArmServices services, SiteStore sites, AppServicePlanStore plans, Func<Site, IEnumerable<string>> otherHostNames)
    : IResourceProvider
{
    private readonly SiteReader _reader = new(services, plans);
    private readonly SiteWriter _writer = new(otherHostNames);
    private readonly SiteConfiguration _configuration = new(sites);

    /// <summary>The api-versions of Microsoft.Web, newest first.</summary>
    public static IReadOnlyList<string> Versions { get; } =
    [
        "2025-03-01", "2024-11-01", "2024-04-01", "2023-12-01", "2023-01-01", "2022-09-01", "2022-03-01", "2021-03-01", "2021-02-01", "2021-01-15",
        "2021-01-01", "2020-12-01", "2020-10-01", "2020-09-01", "2020-06-01", "2019-08-01", "2018-11-01", "2018-02-01", "2016-08-01",
    ];

    public string Namespace => "Microsoft.Web";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } =
        new Dictionary<string, IReadOnlyList<string>> { ["sites"] = Versions, ["sites/config"] = Versions };

    public IEnumerable<TrackedResource> Resources => sites.All.Select(site =>
        new TrackedResource(site.ResourceGroup, SiteWriter.SiteType, site.Name, site.Region) { Kind = site.Kind, Tags = site.Tags, State = site.Status.ToString() });

    public void Reset() => sites.Reset();

    public void RemoveGroup(string resourceGroup) => sites.RemoveGroup(resourceGroup);

    /// <summary>The sites of a plan.</summary>
    public IEnumerable<Site> On(string planId) => sites.All.Where(site => ArmRouter.Is(site.ServerFarmId, planId));

    /// <summary>One page of the sites of a plan.</summary>
    public ArmResponse ListOf(ArmRequest request, string planId) =>
        services.Pages.Page(request, On(planId), site => site.Name, site => _writer.Write(site, request.Scope));

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
                ? services.Pages.Page(request, listed, site => site.Name, site => _writer.Write(site, scope))
                : throw request.MethodNotAllowed();
        }

        if (scope.ResourceGroup is null)
        {
            throw new ArmRejection(404, "InvalidResourcePath", "A site lies in a resource group; the path names none.");
        }

        var name = request.Rest[1];
        if (request.Rest.Count == 2)
        {
            return HandleSite(request, name, scope.ResourceGroup);
        }

        var site = Find(name, scope.ResourceGroup);
        if (ArmRouter.Is(request.Rest[2], "config"))
        {
            return _configuration.Handle(request, site);
        }

        if (request.Rest.Count > 3 || request.Method != "POST")
        {
            throw new ArmRejection(
                404, "InvalidResourcePath", $"The simulator's sites have nothing at {request.Method} '{string.Join('/', request.Rest.Skip(2))}': expected config, or POST start, stop or restart.");
        }

        Act(site, request.Rest[2]);
        return ArmResponse.Ok();
    }

    private ArmResponse HandleSite(ArmRequest request, string name, string group)
    {
        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(_writer.Write(Find(name, group), request.Scope));
            case "PUT":
                return Put(request, name);
            case "PATCH":
                var existing = Find(name, group);
                var patched = sites.Update(name, (site, now) => _reader.Patch(site ?? existing, request.RequireBody(), now));
                return ArmResponse.Ok(_writer.Write(patched, request.Scope));
            case "DELETE":
                return Delete(request, name, group);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse Put(ArmRequest request, string name)
    {
        AppServicePlan? newPlan = null;
        var site = sites.Update(name, (existing, now) =>
        {
            (var put, newPlan) = _reader.Put(existing, name, request, now);
            return put;
        });
        if (newPlan is not null)
        {
            plans.Put(newPlan);
        }

        return ArmResponse.Ok(_writer.Write(site, request.Scope));
    }

    /// <summary>Deletes a site, and its plan too when that is empty then, unless the query says otherwise: the service's default.</summary>
    private ArmResponse Delete(ArmRequest request, string name, string group)
    {
        if (!sites.TryFind(name, out var site) || !ArmRouter.Is(site.ResourceGroup, group))
        {
            return new ArmResponse(204);
        }

        sites.Remove(name);
        var keepsPlan = request.Query.TryGetValue("deleteEmptyServerFarm", out var value) && ArmRouter.Is(value, "false");
        if (!keepsPlan && !On(site.ServerFarmId).Any() && !services.Operations.IsBusy(site.ServerFarmId) && plans.TryFind(site.ServerFarmId, out var plan))
        {
            plans.Remove(plan);
        }

        return ArmResponse.Ok();
    }

    private Site Find(string name, string resourceGroup) =>
        sites.TryFind(name, out var site) && ArmRouter.Is(site.ResourceGroup, resourceGroup)
            ? site
            : throw ArmRejection.NotFound(SiteWriter.SiteType, name, resourceGroup);

    private void Act(Site site, string action)
    {
        SiteStatus? status = action.ToLowerInvariant() switch
        {
            "start" => SiteStatus.Running,
            "stop" => SiteStatus.Stopped,
            "restart" => null,
            _ => throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's sites have no action '{action}'; they have start, stop and restart."),
        };
        sites.Update(site.Name, (existing, now) =>
        {
            var acted = existing ?? site;
            return acted with { Status = status ?? acted.Status, Enabled = acted.Enabled || status == SiteStatus.Running, LastModified = now };
        });
    }
}
