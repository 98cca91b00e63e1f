using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Deployments;

/// <summary>A deployment's request once it has been read and evaluated; never changed.</summary>
internal sealed record DeploymentPlan
{
    public required bool Complete { get; init; }

    public required JsonObject Template { get; init; }

    /// <summary>The link that the template came by; null when it was in the request.</summary>
    public string? TemplateUri { get; init; }

    /// <summary>Parameters with their types as answers show them, without the values of secure ones.</summary>
    public required JsonObject ShownParameters { get; init; }

    /// <summary>In the template's order, children after their parents.</summary>
    public required IReadOnlyList<TemplateResource> Resources { get; init; }

    /// <summary>Gives the outputs once everything is deployed, reading resources as the argument says.</summary>
    public required Func<Func<string, string?, bool, JsonNode?>, JsonObject> Outputs { get; init; }

    /// <summary>What to deploy instead when this fails; null for nothing.</summary>
    public DeploymentRollback? OnError { get; init; }
}

/// <summary>A resource of a template, evaluated.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its full type.</param>
/// <param name="Name">Its full name, <c>server/database</c> for a child.</param>
/// <param name="ApiVersion">Its api-version.</param>
/// <param name="Body">What is sent to its provider.</param>
/// <param name="DependsOn">Ids of the resources that go before it.</param>
internal sealed record TemplateResource(string Id, string Type, string Name, string ApiVersion, JsonObject Body, IReadOnlyList<string> DependsOn);

/// <summary>An earlier deployment to fall back to.</summary>
/// <param name="Type">LastSuccessful or SpecificDeployment, as asked for.</param>
/// <param name="Name">Its name.</param>
/// <param name="Plan">Its plan.</param>
internal sealed record DeploymentRollback(string Type, string Name, DeploymentPlan Plan);
