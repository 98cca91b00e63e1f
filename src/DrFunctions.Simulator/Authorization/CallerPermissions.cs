using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Authorization;

/// <summary>
/// What callers may do: all, when the scenario says nothing. Every request to a resource is held against it, and it can be listed at
/// every scope, as <c>Microsoft.Authorization/permissions</c>, whether what lies there exists or not.
/// </summary>
internal sealed class CallerPermissions(Scenario scenario)
{
    private const string Namespace = "Microsoft.Authorization";
    private const string Client = "00000000-0000-0000-0000-00000000d12f";
    private static readonly string[] s_versions = ["2022-04-01", "2022-05-01-preview", "2018-07-01", "2015-07-01"];
    private static readonly ScenarioRole s_everything = new() { Actions = ["*"], DataActions = ["*"] };

    /// <summary>The list of permissions that a request asks for; null when it asks for something else.</summary>
    /// <exception cref="ArmRejection">The version is unknown, or the method is not GET.</exception>
    public ArmResponse? List(ArmRequest request)
    {
        if (request.Rest.ToArray() is not [.. var scope, var keyword, var name, var type]
            || !ArmRouter.Is(keyword, "providers") || !ArmRouter.Is(name, Namespace) || !ArmRouter.Is(type, "permissions"))
        {
            return null;
        }

        if (request.Method is not ("GET" or "HEAD"))
        {
            throw request.MethodNotAllowed();
        }

        if (!s_versions.Contains(request.ApiVersion, StringComparer.OrdinalIgnoreCase))
        {
            throw ArmRejection.BadRequest(
                "NoRegisteredProviderFound",
                $"No registered resource provider found for location 'global' and API version '{request.ApiVersion}' for type 'permissions'. The supported api-versions are '{string.Join(", ", s_versions)}'.");
        }

        return ArmResponse.List(At("/" + string.Join('/', scope)).Select(Write));
    }

    /// <summary>Refuses a request that no role allows.</summary>
    /// <exception cref="ArmRejection">403.</exception>
    public void Require(ArmRequest request)
    {
        if (scenario.Permissions.Count > 0
            && RequestedAction.Of(request.Method, request.Path) is { } asked
            && !At(asked.Scope).Any(one => Allows(one, asked.Action)))
        {
            throw new ArmRejection(
                403,
                "AuthorizationFailed",
                $"The client '{Client}' with object id '{Client}' does not have authorization to perform action '{asked.Action}' over scope '{asked.Scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.");
        }
    }

    private IEnumerable<ScenarioRole> At(string scope) =>
        scenario.Permissions.Count == 0 ? [s_everything] : scenario.Permissions.Where(one => Holds(one.Scope ?? "/subscriptions/" + scenario.SubscriptionId, scope));

    private static bool Holds(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.OrdinalIgnoreCase) && (inner.Length == outer.Length || inner[outer.Length] == '/');

    private static bool Allows(ScenarioRole role, string action) =>
        role.Actions.Any(pattern => ActionPattern.Matches(pattern, action)) && !role.NotActions.Any(pattern => ActionPattern.Matches(pattern, action));

    private static JsonObject Write(ScenarioRole role) => new()
    {
        ["actions"] = Texts(role.Actions),
        ["notActions"] = Texts(role.NotActions),
        ["dataActions"] = Texts(role.DataActions),
        ["notDataActions"] = Texts(role.NotDataActions),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
