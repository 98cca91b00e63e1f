using System.Text.Json;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Deployments;

/// <summary>Deployments of templates to resource groups, through Resource Manager.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager, or the template's storage, refuses or does not answer.</remarks>
public interface IDeployments
{
    /// <summary>A deployment of this id; null when there is none.</summary>
    Task<Deployment?> ReadAsync(ResourceId deployment, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a deployment, always incremental: resources that the template does not name are left alone. A second one under the same
    /// id deploys the same again.
    /// </summary>
    /// <param name="deployment">Its id: <c>…/providers/Microsoft.Resources/deployments/{name}</c>, the name of 1 to 64 characters.</param>
    /// <param name="template">The template.</param>
    /// <param name="parameters">The template's parameters by name, each of the JSON type that the plan wrote.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<BegunOperation> BeginAsync(
        ResourceId deployment, DeploymentTemplate template, IReadOnlyDictionary<string, JsonElement> parameters, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the template and fits the parameters to it, as <see cref="BeginAsync"/> would; deploys nothing. A linked one is only
    /// looked at by Resource Manager.
    /// </summary>
    /// <exception cref="RecoveryException">It cannot be read, is no template, or the parameters do not fit it (<c>ParametersUnsuitable</c>).</exception>
    Task CheckAsync(DeploymentTemplate template, IReadOnlyDictionary<string, JsonElement> parameters, CancellationToken cancellationToken);
}

/// <summary>Where a template is: either a blob or a link.</summary>
/// <param name="Blob">The container, by the name of an app setting; null for a link.</param>
/// <param name="Path">The blob's name in it; null for a link.</param>
/// <param name="Link">An https address that Resource Manager itself reads, without a secret in it; null for a blob.</param>
public sealed record DeploymentTemplate(BlobContainer? Blob, string? Path, Uri? Link);

/// <summary>A deployment.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Status">The service's own word for it.</param>
/// <param name="Resources">What it deployed; empty until it ended well.</param>
/// <param name="Error">The service's code and words, of one that failed.</param>
public sealed record Deployment(OperationState State, string Status, IReadOnlyList<ResourceId> Resources, string? Error);
