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
    private static readonly string[] s_inside = ["", "/providers/N.N/t/n", "/resourceGroups/g/providers/N.N/t/n"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PermissionGrant>> ReadAsync(string scope, CancellationToken cancellationToken)
    {
        if (!IsScope(scope))
        {
            throw new RecoveryException(
                "ScopeUnsupported", $"'{scope}' is no id of a subscription, a resource group or a resource.", isTransient: false,
                "Look at the role assignments of the app's identity in the portal.");
        }

        var answer = await client.SendAsync(
            new ResourceRequest(RequestMethod.Get, default, ApiVersion) { Path = $"{scope}/providers/Microsoft.Authorization/permissions" }, cancellationToken);
        var grants = answer.Object().At("value") as JsonArray ?? throw ResourceAnswer.Unreadable(answer.What, "without a list of permissions");
        return [.. grants.Select(grant => new PermissionGrant(Patterns(grant.At("actions")), Patterns(grant.At("notActions")))
        {
            DataActions = Patterns(grant.At("dataActions")),
            NotDataActions = Patterns(grant.At("notDataActions")),
        })];
    }

    // A subscription and a group are no resources, but what lies in them is: what their ids may hold is what its id may hold.
    private static bool IsScope(string scope) =>
        s_inside.Any(rest => ResourceId.TryParse(scope + rest, out _));

    private static IReadOnlyList<string> Patterns(JsonNode? list) =>
        list is JsonArray array ? [.. array.Select(item => item.TextOrNull()).OfType<string>()] : [];
}
