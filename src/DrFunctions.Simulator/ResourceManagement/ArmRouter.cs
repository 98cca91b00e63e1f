using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Finds who answers a path: subscriptions and resource groups itself, everything else a provider.</summary>
internal sealed partial class ArmRouter(Scenario scenario, IReadOnlyList<IResourceProvider> providers)
{
    /// <exception cref="ArmRejection">The request is refused.</exception>
    public ArmResponse Route(string method, string path, string? apiVersion, JsonObject? body)
    {
        if (string.IsNullOrEmpty(apiVersion))
        {
            throw ArmRejection.BadRequest(
                "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        }

        if (!ApiVersion().IsMatch(apiVersion))
        {
            throw ArmRejection.BadRequest(
                "InvalidApiVersionParameter", $"The api-version '{apiVersion}' is invalid. Expected the form YYYY-MM-DD or YYYY-MM-DD-preview.");
        }

        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var scope = new ArmScope(null, null);
        if (segments is [var subscriptions, ..] && Is(subscriptions, "subscriptions"))
        {
            if (segments.Length == 1)
            {
                return OnlyGet(method, () => ArmResponse.List([Subscription()]));
            }

            if (!Is(segments[1], scenario.SubscriptionId))
            {
                throw new ArmRejection(404, "SubscriptionNotFound", $"The subscription '{segments[1]}' could not be found.");
            }

            scope = scope with { SubscriptionId = scenario.SubscriptionId };
            segments = segments[2..];
            if (segments.Length == 0)
            {
                return OnlyGet(method, Subscription);
            }

            if (Is(segments[0], "resourcegroups"))
            {
                if (segments.Length == 1)
                {
                    return OnlyGet(method, () => ArmResponse.List(scenario.ResourceGroups.Select(Group)));
                }

                var group = scenario.ResourceGroups.FirstOrDefault(name => Is(name, segments[1]))
                    ?? throw new ArmRejection(404, "ResourceGroupNotFound", $"Resource group '{segments[1]}' could not be found.");
                scope = scope with { ResourceGroup = group };
                segments = segments[2..];
                if (segments.Length == 0)
                {
                    return method == "HEAD" ? new ArmResponse(204) : OnlyGet(method, () => Group(group));
                }
            }
        }

        if (segments is [var keyword, ..] && Is(keyword, "providers"))
        {
            return RouteToProvider(method, scope, segments[1..], apiVersion, body);
        }

        throw NoRoute(path);
    }

    private ArmResponse RouteToProvider(string method, ArmScope scope, string[] segments, string apiVersion, JsonObject? body)
    {
        if (segments.Length == 0)
        {
            return OnlyGet(method, () => ArmResponse.List(providers.Select(each => Describe(each, scope))));
        }

        var provider = providers.FirstOrDefault(each => Is(each.Namespace, segments[0]))
            ?? throw new ArmRejection(404, "InvalidResourceNamespace", $"The resource namespace '{segments[0]}' is invalid.");
        if (segments.Length == 1)
        {
            return OnlyGet(method, () => Describe(provider, scope));
        }

        if (!provider.Types.Keys.Any(type => Is(type.Split('/')[0], segments[1])))
        {
            throw new ArmRejection(
                404,
                "InvalidResourceType",
                $"The resource type '{segments[1]}' could not be found in the namespace '{provider.Namespace}' for api version '{apiVersion}'. The simulator has: {string.Join(", ", provider.Types.Keys)}.");
        }

        return provider.Handle(new ArmRequest(method, scope, segments[1..], apiVersion, body));
    }

    public static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static ArmResponse OnlyGet(string method, Func<ArmResponse> answer) =>
        method is "GET" or "HEAD" ? answer() : throw new ArmRejection(405, "MethodNotAllowed", $"The method {method} is not allowed here.");

    private static ArmResponse OnlyGet(string method, Func<JsonNode> answer) => OnlyGet(method, () => ArmResponse.Ok(answer()));

    private static ArmRejection NoRoute(string path) => new(404, "InvalidResourcePath", $"The simulator has nothing at '{path}'.");

    private JsonObject Subscription() => new()
    {
        ["id"] = "/subscriptions/" + scenario.SubscriptionId,
        ["subscriptionId"] = scenario.SubscriptionId,
        ["displayName"] = "Simulated subscription",
        ["state"] = "Enabled",
    };

    private JsonObject Group(string name) => new()
    {
        ["id"] = $"/subscriptions/{scenario.SubscriptionId}/resourceGroups/{name}",
        ["name"] = name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = scenario.Regions.Count > 0 ? scenario.Regions[0].Name : "global",
        ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    };

    private JsonObject Describe(IResourceProvider provider, ArmScope scope) => new()
    {
        ["id"] = (scope.SubscriptionId is null ? "" : "/subscriptions/" + scope.SubscriptionId) + "/providers/" + provider.Namespace,
        ["namespace"] = provider.Namespace,
        ["registrationState"] = "Registered",
        ["resourceTypes"] = new JsonArray([.. provider.Types.Select(type => new JsonObject
        {
            ["resourceType"] = type.Key,
            ["locations"] = new JsonArray([.. scenario.Regions.Select(region => JsonValue.Create(region.Name))]),
            ["apiVersions"] = new JsonArray([.. type.Value.Select(version => JsonValue.Create(version))]),
        })]),
    };

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(-[a-z]+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ApiVersion();
}
