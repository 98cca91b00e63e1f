using System.Text.Json.Nodes;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Microsoft.Resources/deployments of resource groups.</summary>
internal sealed class DeploymentsProvider : IResourceProvider
{
    private readonly ArmServices _services;
    private readonly SeededSource _random;
    private readonly DeploymentStore _store = new();
    private readonly DeploymentReader _reader;
    private readonly DeploymentRunner _runner;
    private readonly DeploymentWriter _writer;
    private readonly WhatIf _whatIf;

    public DeploymentsProvider(ArmServices services, SeededSource random, DeployedResources resources)
    {
        (_services, _random) = (services, random);
        _reader = new DeploymentReader(services, _store);
        _runner = new DeploymentRunner(services, _store, resources, random);
        _writer = new DeploymentWriter(services);
        _whatIf = new WhatIf(resources);
    }

    public string Namespace => "Microsoft.Resources";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["deployments"] =
        [
            "2025-04-01", "2025-03-01", "2024-11-01", "2024-07-01", "2024-03-01", "2023-07-01", "2022-12-01", "2022-09-01", "2022-05-01", "2022-01-01",
            "2021-04-01", "2021-01-01", "2020-10-01", "2020-08-01", "2020-06-01", "2019-10-01",
        ],
    };

    public IEnumerable<TrackedResource> Resources => [];

    public void Reset() => _store.Clear();

    public void RemoveGroup(string resourceGroup) => _store.RemoveGroup(resourceGroup);

    public ArmResponse Handle(ArmRequest request)
    {
        var group = request.Scope.ResourceGroup ?? throw new ArmRejection(
            404, "InvalidResourcePath", "The simulator's deployments lie in resource groups; the path names none.");
        if (request.Rest.Count == 1)
        {
            return request.Query.ContainsKey("$filter") ? throw ArmRejection.BadRequest("InvalidFilterInQueryString", "The simulator's list of deployments has no $filter.")
                : request.Method != "GET" ? throw request.MethodNotAllowed()
                : _services.Pages.Page(request, _store.In(group), deployment => deployment.Name, _writer.Write);
        }

        var name = DeploymentReader.RequireName(request.Rest[1]);
        var id = request.Scope.ResourceId(group, DeploymentWriter.DeploymentType, name);
        return request.Rest.Count == 2 ? HandleDeployment(request, group, id, name) : HandleChild(request, group, id, name);
    }

    private ArmResponse HandleDeployment(ArmRequest request, string group, string id, string name)
    {
        switch (request.Method)
        {
            case "GET":
                return ArmResponse.Ok(_writer.Write(Find(id, name)));
            case "HEAD":
                return new ArmResponse(_store.TryFind(id, out _) ? 204 : 404);
            case "PUT":
                var (properties, complete) = DeploymentReader.Open(request.RequireBody());
                _services.Operations.RequireIdle(OperationShapes.Deployments, id);
                var known = _store.TryFind(id, out _);
                var deployment = _runner.Begin(request, id, group, name, _reader.Read(properties, complete, _services.Groups.FindToWrite(group)));
                return deployment.Operation.Attach(new ArmResponse(known ? 200 : 201, _writer.Write(deployment)));
            case "DELETE":
                return _store.TryFind(id, out _) ? Delete(request, group, id) : new ArmResponse(204);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse HandleChild(ArmRequest request, string group, string id, string name)
    {
        switch (request.Method, request.Rest[2].ToLowerInvariant(), request.Rest.Count)
        {
            case ("POST", "validate", 3):
                var (properties, complete) = DeploymentReader.Open(request.RequireBody());
                return ArmResponse.Ok(_writer.WriteValid(id, name, _reader.Read(properties, complete, _services.Groups.FindToWrite(group))));
            case ("POST", "whatif", 3):
                return Foretell(request, group, id);
            case ("POST", "cancel", 3):
                return Cancel(Find(id, name));
            case ("POST", "exporttemplate", 3):
                return ArmResponse.Ok(new JsonObject { ["template"] = Find(id, name).Plan.Template.DeepClone() });
            case ("GET", "operations", 3):
                var listed = Find(id, name);
                return _services.Pages.Page(request, listed.Steps, step => step.Id, step => DeploymentWriter.Write(listed, step));
            case ("GET", "operations", 4):
                var found = Find(id, name);
                return ArmResponse.Ok(DeploymentWriter.Write(found, found.Steps.Find(step => ArmRouter.Is(step.Id, request.Rest[3]))
                    ?? throw new ArmRejection(404, "DeploymentOperationNotFound", $"Deployment operation '{request.Rest[3]}' could not be found.")));
            default:
                throw new ArmRejection(
                    404, "InvalidResourcePath", $"The simulator's deployments have nothing at {request.Method} '{string.Join('/', request.Rest.Skip(2))}': expected POST validate, whatIf, cancel, exportTemplate or GET operations.");
        }
    }

    private Deployment Find(string id, string name) => _store.TryFind(id, out var deployment) ? deployment : throw DeploymentErrors.NotFound(name);

    private ArmResponse Cancel(Deployment deployment)
    {
        if (deployment.Operation.Outcome != OperationOutcome.Running)
        {
            throw DeploymentErrors.NotRunning(deployment.Name, deployment.State);
        }

        _services.Operations.Cancel(deployment.Operation, DeploymentErrors.Canceled(deployment.Name));
        return new ArmResponse(204);
    }

    /// <summary>Deletes a deployment from the history; what it deployed stays.</summary>
    private ArmResponse Delete(ArmRequest request, string group, string id)
    {
        _services.Operations.RequireIdle(OperationShapes.Deployments, id);
        return _services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.ResourceGroups,
            Name = "DeleteDeployment",
            Resource = id,
            Location = _services.Groups.Find(group).Location,
            Duration = TimeSpan.FromSeconds(1),
            Complete = () =>
            {
                _store.Remove(id);
                return new ArmResponse(204);
            },
        }).Accepted();
    }

    /// <summary>Begins a what-if; a template that is not valid is its result and no refusal.</summary>
    private ArmResponse Foretell(ArmRequest request, string group, string id)
    {
        var (properties, complete) = DeploymentReader.Open(request.RequireBody());
        var settings = new JsonMembers(properties, "properties", DeploymentErrors.InvalidRequest).Object("whatIfSettings");
        var idsOnly = settings.Choice("resultFormat", "ResourceIdOnly", "FullResourcePayloads") == "ResourceIdOnly";
        return _services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.DeploymentWhatIf,
            Name = "DeploymentWhatIf",
            Resource = $"{id}/whatIf/{_random.NextId("arm/whatIf")}",
            Location = _services.Groups.Find(group).Location,
            Duration = TimeSpan.FromSeconds(2),
            Complete = () => ArmResponse.Ok(Foretold(request, group, properties, complete, idsOnly)),
        }).Accepted();
    }

    private JsonObject Foretold(ArmRequest request, string group, JsonObject properties, bool complete, bool idsOnly)
    {
        try
        {
            var plan = _reader.Read(properties, complete, _services.Groups.Find(group));
            return new JsonObject
            {
                ["status"] = "Succeeded",
                ["properties"] = new JsonObject { ["correlationId"] = _random.NextId("arm/deployments").ToString(), ["changes"] = _whatIf.Changes(request, group, plan, idsOnly) },
            };
        }
        catch (ArmRejection rejection)
        {
            return new JsonObject { ["status"] = "Failed", ["error"] = rejection.ToError() };
        }
    }
}
