using System.Text.Json.Nodes;
using DrFunctions.Simulator.Operations;

namespace DrFunctions.Simulator.Deployments;

/// <summary>One run of a deployment; used only while a request is handled or an operation ends.</summary>
internal sealed class Deployment
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ResourceGroup { get; init; }

    public required DeploymentPlan Plan { get; init; }

    public required Guid CorrelationId { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Its steps in the order they were begun.</summary>
    public List<DeploymentStep> Steps { get; } = [];

    /// <summary>Whether it has got beyond its acceptance.</summary>
    public bool Running { get; set; }

    public JsonObject? Outputs { get; set; }

    /// <summary>The operation that carries it.</summary>
    public Operation Operation { get; set; } = null!; // set as soon as it has begun

    public string State => Operation.Outcome != OperationOutcome.Running ? Operation.Outcome.ToString() : Running ? "Running" : "Accepted";
}

/// <summary>What a deployment does with one resource.</summary>
internal sealed class DeploymentStep
{
    public required string Id { get; init; }

    public required string ResourceId { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    /// <summary>Create or Delete.</summary>
    public required string Action { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; private set; }

    /// <summary>The status that the provider answered.</summary>
    public int Status { get; set; }

    /// <summary>The provider's operation that is waited for; null for none.</summary>
    public Operation? Operation { get; set; }

    /// <summary>What went wrong, as a detail of the deployment's error; null while nothing has.</summary>
    public JsonObject? Error { get; private set; }

    public string State => Ended is null ? "Running" : Error is null ? "Succeeded" : "Failed";

    public void End(DateTimeOffset now, JsonObject? error) => (Ended, Error) = (now, error);
}
