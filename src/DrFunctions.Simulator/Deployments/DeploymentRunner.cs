using System.Text.Json.Nodes;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>
/// Runs deployments: a look a second, each of which takes up what ended and begins what may begin. Resources that do not wait for each
/// other are made side by side; after a failure nothing new is begun.
/// </summary>
internal sealed class DeploymentRunner(ArmServices services, DeploymentStore store, DeployedResources resources, SeededSource random)
{
    /// <exception cref="ArmRejection">A deployment of the name is under way.</exception>
    public Deployment Begin(ArmRequest request, string id, string resourceGroup, string name, DeploymentPlan plan)
    {
        var deployment = new Deployment
        {
            Id = id,
            Name = name,
            ResourceGroup = resourceGroup,
            Plan = plan,
            CorrelationId = random.NextId("arm/deployments"),
            Started = services.Time.GetUtcNow(),
        };
        deployment.Operation = services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.Deployments,
            Name = "Deployment",
            Resource = id,
            Location = services.Groups.Find(resourceGroup).Location,
            Duration = TimeSpan.FromSeconds(1),
            Complete = () => Look(request, deployment),
            Abandon = () => FallBack(request, deployment),
        });
        store.Put(deployment);
        return deployment;
    }

    /// <summary>Takes the deployment as far as it gets now; null when it is not over.</summary>
    /// <exception cref="ArmRejection">It has failed.</exception>
    private ArmResponse? Look(ArmRequest request, Deployment deployment)
    {
        deployment.Running = true;
        TakeUp(deployment);
        if (!HasFailed(deployment))
        {
            StartReady(request, deployment);
        }

        if (deployment.Steps.Any(step => step.Ended is null))
        {
            return null;
        }

        if (HasFailed(deployment))
        {
            throw DeploymentErrors.Failed(deployment.Id, deployment.Steps.Select(step => step.Error).OfType<JsonObject>());
        }

        if (deployment.Plan.Resources.Any(resource => StepOf(deployment, resource.Id) is null) || (deployment.Plan.Complete && !DeleteOthers(request, deployment)))
        {
            return null;
        }

        deployment.Outputs = deployment.Plan.Outputs((resource, version, full) => Reference(request, deployment, resource, version, full));
        store.Succeeded(deployment);
        return ArmResponse.Ok();
    }

    private void TakeUp(Deployment deployment)
    {
        foreach (var step in deployment.Steps.Where(step => step.Ended is null))
        {
            if (step.Operation is { Ended: not null } operation)
            {
                step.End(services.Time.GetUtcNow(), operation.Error is { } error ? DeploymentErrors.Unsuccessful(step.ResourceId, operation.Outcome.ToString(), error) : null);
            }
        }
    }

    private void StartReady(ArmRequest request, Deployment deployment)
    {
        foreach (var resource in deployment.Plan.Resources.Where(each => StepOf(deployment, each.Id) is null
            && each.DependsOn.All(id => StepOf(deployment, id) is { State: "Succeeded" })).ToList())
        {
            var step = Step(deployment, "Create", resource.Id, resource.Type, resource.Name);
            Try(step, () => resources.Put(request, resource));
        }
    }

    /// <summary>Deletes what the template does not have: in rounds, because one may be in another's way; true when nothing is left.</summary>
    private bool DeleteOthers(ArmRequest request, Deployment deployment)
    {
        var others = resources.Others(request, deployment.ResourceGroup, deployment.Plan);
        var (begun, conflict) = (false, (Action?)null);
        foreach (var other in others)
        {
            var id = DeployedResources.IdOf(request, other);
            try
            {
                var response = resources.Delete(request, other);
                Accepted(Step(deployment, "Delete", id, other.Type, other.Name), response);
                begun = true;
            }
            catch (ArmRejection rejection) when (rejection.Status == 409)
            {
                conflict = () => Try(Step(deployment, "Delete", id, other.Type, other.Name), () => throw rejection);
            }
            catch (ArmRejection rejection)
            {
                Try(Step(deployment, "Delete", id, other.Type, other.Name), () => throw rejection);
                begun = true;
            }
        }

        if (!begun && others.Count > 0)
        {
            conflict!(); // every one was refused as a conflict
        }

        return others.Count == 0;
    }

    private DeploymentStep Step(Deployment deployment, string action, string id, string type, string name)
    {
        var step = new DeploymentStep
        {
            Id = random.NextId("arm/deployments/steps").ToString("N").ToUpperInvariant(),
            ResourceId = id,
            Type = type,
            Name = name,
            Action = action,
            Started = services.Time.GetUtcNow(),
        };
        deployment.Steps.Add(step);
        return step;
    }

    private void Try(DeploymentStep step, Func<ArmResponse> send)
    {
        try
        {
            Accepted(step, send());
        }
        catch (ArmRejection rejection)
        {
            step.Status = rejection.Status;
            step.End(services.Time.GetUtcNow(), DeploymentErrors.Refused(step.ResourceId, rejection));
        }
    }

    private void Accepted(DeploymentStep step, ArmResponse response)
    {
        step.Status = response.Status;
        step.Operation = services.Operations.FindOn(step.ResourceId);
        if (step.Operation is null)
        {
            step.End(services.Time.GetUtcNow(), null);
        }
    }

    private JsonNode? Reference(ArmRequest request, Deployment deployment, string named, string? apiVersion, bool full)
    {
        var resource = deployment.Plan.Resources.FirstOrDefault(each => ArmRouter.Is(each.Id, named) || ArmRouter.Is(each.Name, named));
        var version = apiVersion ?? resource?.ApiVersion ?? throw DeploymentErrors.InvalidTemplate(
            $"The api-version is required to reference '{named}', which is not a resource of this template");
        var found = resources.Get(request, resource?.Id ?? named, version)
            ?? throw ArmRejection.BadRequest("ResourceNotFound", $"The resource '{named}' that an output references was not found.");
        return (full ? found : found["properties"])?.DeepClone();
    }

    /// <summary>Deploys the earlier deployment that was named for a failure; a canceled one is left as it is.</summary>
    private void FallBack(ArmRequest request, Deployment deployment)
    {
        if (deployment.Operation.Outcome == OperationOutcome.Failed && deployment.Plan.OnError is { } earlier)
        {
            var id = deployment.Id[..^deployment.Name.Length] + earlier.Name;
            if (!services.Operations.IsBusy(id) && services.Groups.TryFind(deployment.ResourceGroup, out var group) && !group.Deleting)
            {
                Begin(request, id, deployment.ResourceGroup, earlier.Name, earlier.Plan);
            }
        }
    }

    private static bool HasFailed(Deployment deployment) => deployment.Steps.Any(step => step.Error is not null);

    private static DeploymentStep? StepOf(Deployment deployment, string id) => deployment.Steps.Find(step => step.Action == "Create" && ArmRouter.Is(step.ResourceId, id));
}
