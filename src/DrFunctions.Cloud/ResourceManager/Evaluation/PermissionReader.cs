using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Evaluation.Permissions;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.Evaluation;

/// <summary>Asks Resource Manager what the app's identity may do on a resource. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
public sealed class PermissionReader(ResourceManagerClient client) : IPermissionReader
{
    private const string ApiVersion = "2022-04-01";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PermissionGrant>> ReadAsync(string scope, CancellationToken cancellationToken)
    {
        // An id has a name at its end; that of the list is the list's own: the scope may be a group, which is no resource.
        if (!ResourceId.TryParse($"{scope}/providers/Microsoft.Authorization/permissions/list", out var list))
        {
            throw new RecoveryException(
                "ScopeUnsupported", $"'{scope}' is no id of a resource or a resource group.", isTransient: false,
                "Look at the role assignments of the app's identity in the portal.");
        }

        var answer = await client.SendAsync(new ResourceRequest(RequestMethod.Get, list, ApiVersion) { IsList = true }, cancellationToken);
        var grants = answer.Object().At("value") as JsonArray ?? throw ResourceAnswer.Unreadable(answer.What, "without a list of permissions");
        return [.. grants.Select(grant => new PermissionGrant(Patterns(grant.At("actions")), Patterns(grant.At("notActions")))
        {
            DataActions = Patterns(grant.At("dataActions")),
            NotDataActions = Patterns(grant.At("notDataActions")),
        })];
    }

    private static IReadOnlyList<string> Patterns(JsonNode? list) =>
        list is JsonArray array ? [.. array.Select(item => item.TextOrNull()).OfType<string>()] : [];
}
