using System.Text.Json.Nodes;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Sites;

namespace DrFunctions.Simulator.AppServicePlans;

/// <summary>Microsoft.Web/serverfarms: create, scale out and up, read, list with their sites, delete; what needs instances takes its time.</summary>
internal sealed class AppServicePlansProvider(ArmServices services, AppServicePlanStore plans, SitesProvider sites) : IResourceProvider
{
    private readonly AppServicePlanReader _reader = new(services.Locations);

    public string Namespace => "Microsoft.Web";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } =
        new Dictionary<string, IReadOnlyList<string>> { ["serverfarms"] = SitesProvider.Versions };

    public IEnumerable<TrackedResource> Resources => plans.All.Select(plan =>
        new TrackedResource(plan.ResourceGroup, AppServicePlanStore.PlanType, plan.Name, plan.Region)
        {
            Kind = plan.Kind,
            Sku = AppServicePlanWriter.WriteSku(plan.Sku),
            Tags = plan.Tags,
            State = $"{plan.Status}, {plan.Sku.Capacity} of {plan.Sku.Name}",
        });

    public void Reset() => plans.Reset();

    public void RemoveGroup(string resourceGroup) => plans.RemoveGroup(resourceGroup);

    public ArmResponse Handle(ArmRequest request)
    {
        var group = request.Scope.ResourceGroup;
        if (request.Rest.Count == 1)
        {
            var listed = plans.All.Where(plan => group is null || ArmRouter.Is(plan.ResourceGroup, group));
            return request.Method == "GET"
                ? services.Pages.Page(request, listed, plans.IdOf, Write)
                : throw request.MethodNotAllowed();
        }

        if (group is null)
        {
            throw new ArmRejection(404, "InvalidResourcePath", "An App Service plan lies in a resource group; the path names none.");
        }

        var name = request.Rest[1];
        if (request.Rest.Count == 2)
        {
            return HandlePlan(request, group, name);
        }

        var plan = Find(group, name);
        return request.Rest.Count == 3 && ArmRouter.Is(request.Rest[2], "sites")
            ? request.Method == "GET" ? sites.ListOf(request, plans.IdOf(plan)) : throw request.MethodNotAllowed()
            : throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's App Service plans have sites below them and nothing at '{string.Join('/', request.Rest.Skip(2))}'.");
    }

    private ArmResponse HandlePlan(ArmRequest request, string group, string name)
    {
        plans.TryFind(group, name, out var existing);
        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(Write(Find(group, name)));
            case "PUT":
                return Change(request, existing, _reader.Put(existing, group, name, request.RequireBody()));
            case "PATCH":
                existing = Find(group, name);
                return Change(request, existing, AppServicePlanReader.Patch(existing, request.RequireBody()));
            case "DELETE":
                return existing is null ? new ArmResponse(204) : Delete(existing);
            default:
                throw request.MethodNotAllowed();
        }
    }

    /// <summary>Changes a plan: at once when its instances stay as they are, otherwise in an operation.</summary>
    private ArmResponse Change(ArmRequest request, AppServicePlan? existing, AppServicePlan wanted)
    {
        services.Outages.RequireLit(wanted.Region);
        var id = plans.IdOf(wanted);
        services.Operations.RequireIdle(OperationShapes.AppServicePlans, id);
        if (existing is not null && existing.Sku == wanted.Sku)
        {
            plans.Put(wanted);
            return ArmResponse.Ok(Write(wanted));
        }

        var operation = services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.AppServicePlans,
            Name = existing is null ? "CreateAppServicePlan" : "ScaleAppServicePlan",
            Resource = id,
            Location = wanted.Region,
            Complete = () =>
            {
                services.Outages.RequireLit(wanted.Region);
                _ = Find(wanted.ResourceGroup, wanted.Name); // its group may have gone meanwhile
                plans.Put(wanted);
                return ArmResponse.Ok(Write(wanted));
            },
            Abandon = () => TakeBack(existing, wanted),
        });
        var meanwhile = existing is null ? wanted with { Status = PlanStatus.Creating } : existing with { Status = PlanStatus.Pending };
        plans.Put(meanwhile);
        return operation.Attach(new ArmResponse(202, Write(meanwhile)));
    }

    private void TakeBack(AppServicePlan? existing, AppServicePlan wanted)
    {
        if (existing is null)
        {
            plans.Remove(wanted);
        }
        else if (plans.TryFind(existing.ResourceGroup, existing.Name, out _))
        {
            plans.Put(existing);
        }
    }

    private ArmResponse Delete(AppServicePlan plan)
    {
        services.Outages.RequireLit(plan.Region);
        services.Operations.RequireIdle(OperationShapes.AppServicePlans, plans.IdOf(plan));
        var inUse = sites.On(plans.IdOf(plan)).Select(site => site.Name).ToList();
        if (inUse.Count > 0)
        {
            throw AppServiceErrors.PlanInUse(plan.Name, inUse);
        }

        plans.Remove(plan);
        return ArmResponse.Ok();
    }

    private AppServicePlan Find(string group, string name) => plans.TryFind(group, name, out var plan)
        ? plan
        : throw ArmRejection.NotFound(AppServicePlanStore.PlanType, name, group);

    private JsonObject Write(AppServicePlan plan) =>
        AppServicePlanWriter.Write(plan, plans.IdOf(plan), sites.On(plans.IdOf(plan)).Count());
}
