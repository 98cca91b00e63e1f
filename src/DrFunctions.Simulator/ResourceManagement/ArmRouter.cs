using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.Authorization;
using DrFunctions.Simulator.ResourceGroups;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Finds who answers a path: subscriptions and resource groups itself, everything else a provider.</summary>
internal sealed partial class ArmRouter(ArmServices services, IReadOnlyList<IResourceProvider> providers)
{
    private const string Own = "Microsoft.Resources";

    /// <summary>Versions of subscriptions, resource groups and lists of resources, newest first.</summary>
    private static readonly string[] OwnVersions =
    [
        "2025-04-01", "2025-03-01", "2024-11-01", "2024-07-01", "2024-03-01", "2023-07-01", "2022-12-01", "2022-09-01", "2022-05-01", "2022-01-01",
        "2021-04-01", "2021-01-01", "2020-10-01", "2020-06-01", "2020-01-01", "2019-10-01", "2019-05-01", "2018-05-01",
    ];

    private readonly ResourceGroupsApi _groups = new(services, providers);
    private readonly ResourceList _resources = new(services, providers);
    private readonly CallerPermissions _permissions = new(services.Scenario);

    /// <summary>Answers a request, one at a time.</summary>
    /// <exception cref="ArmRejection">The request is refused.</exception>
    public ArmResponse Route(ArmRequest request)
    {
        if (request.ApiVersion.Length == 0)
        {
            throw ArmRejection.BadRequest(
                "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        }

        if (!ApiVersion().IsMatch(request.ApiVersion))
        {
            throw ArmRejection.BadRequest(
                "InvalidApiVersionParameter", $"The api-version '{request.ApiVersion}' is invalid. Expected the form YYYY-MM-DD or YYYY-MM-DD-preview.");
        }

        return services.Operations.Exclusively(() => services.Operations.Poll(request) ?? _permissions.List(request) ?? RouteAllowed(request));
    }

    public static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private ArmResponse RouteAllowed(ArmRequest request)
    {
        _permissions.Require(request);
        return RouteBySegments(request);
    }

    private ArmResponse RouteBySegments(ArmRequest request)
    {
        switch (request.Rest.ToArray())
        {
            case [var providersKeyword, ..] when Is(providersKeyword, "providers"):
                return RouteToProvider(request with { Rest = [.. request.Rest.Skip(1)] });
            case [var subscriptions] when Is(subscriptions, "subscriptions"):
                return OnlyGet(request, () => ArmResponse.List([Subscription()]));
            case [var subscriptions, var subscription, .. var rest] when Is(subscriptions, "subscriptions"):
                if (!Is(subscription, services.Scenario.SubscriptionId))
                {
                    throw new ArmRejection(404, "SubscriptionNotFound", $"The subscription '{subscription}' could not be found.");
                }

                return RouteInSubscription(request with { Scope = new ArmScope(services.Scenario.SubscriptionId, null), Rest = rest });
            default:
                throw NoRoute(request);
        }
    }

    private ArmResponse RouteInSubscription(ArmRequest request)
    {
        switch (request.Rest.ToArray())
        {
            case []:
                return OnlyGet(request, () => ArmResponse.Ok(Subscription()));
            case [var keyword, ..] when Is(keyword, "providers"):
                return RouteToProvider(request with { Rest = [.. request.Rest.Skip(1)] });
            case [var keyword] when Is(keyword, "resources"):
                RequireOwnVersion(request);
                return _resources.Handle(request);
            case [var keyword] when Is(keyword, "resourcegroups"):
                RequireOwnVersion(request);
                return _groups.List(request);
            case [var keyword, var group] when Is(keyword, "resourcegroups"):
                RequireOwnVersion(request);
                return _groups.Handle(request, group);
            case [var keyword, var name, .. var rest] when Is(keyword, "resourcegroups"):
                var reads = request.Method is "GET" or "HEAD";
                var found = reads ? services.Groups.Find(name) : services.Groups.FindToWrite(name);
                return RouteInGroup(request with { Scope = request.Scope with { ResourceGroup = found.Name }, Rest = rest });
            default:
                throw NoRoute(request);
        }
    }

    private ArmResponse RouteInGroup(ArmRequest request)
    {
        if (Is(request.Rest[0], "providers"))
        {
            return RouteToProvider(request with { Rest = [.. request.Rest.Skip(1)] });
        }

        if (Is(request.Rest[0], "resources") && request.Rest.Count == 1)
        {
            RequireOwnVersion(request);
            return _resources.Handle(request);
        }

        // Some paths of Microsoft.Resources leave the provider out, such as a deployment's operations.
        return providers.Any(each => Is(each.Namespace, Own) && HasType(each, request.Rest[0]))
            ? RouteToProvider(request with { Rest = [Own, .. request.Rest] })
            : throw NoRoute(request);
    }

    private ArmResponse RouteToProvider(ArmRequest request)
    {
        if (request.Rest.ToArray() is not [var name, .. var rest])
        {
            return OnlyGet(request, () => ArmResponse.List(providers.Select(each => each.Namespace).Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(each => Describe(each, request.Scope))));
        }

        var known = providers.Where(each => Is(each.Namespace, name)).ToList();
        if (known.Count == 0)
        {
            throw new ArmRejection(404, "InvalidResourceNamespace", $"The resource namespace '{name}' is invalid.");
        }

        if (rest is not [var type, ..])
        {
            return OnlyGet(request, () => ArmResponse.Ok(Describe(known[0].Namespace, request.Scope)));
        }

        if (Is(type, "locations") && rest.Length == 4)
        {
            throw new ArmRejection(404, "OperationNotFound", $"The operation '{rest[3]}' was not found; operations can be read for 24 hours after their end.");
        }

        var provider = known.Find(each => HasType(each, type)) ?? throw new ArmRejection(
            404,
            "InvalidResourceType",
            $"The resource type '{type}' could not be found in the namespace '{known[0].Namespace}' for api version '{request.ApiVersion}'. The simulator has: {string.Join(", ", known.SelectMany(each => each.Types.Keys))}.");
        RequireVersion(provider, request with { Rest = rest });
        return provider.Handle(request with { Rest = rest }) with { RemainingHeader = provider.RemainingHeader };
    }

    private static bool HasType(IResourceProvider provider, string first) => provider.Types.Keys.Any(type => Is(type.Split('/')[0], first));

    private static void RequireVersion(IResourceProvider provider, ArmRequest request)
    {
        // A path is type, name, type, name...: its type is every other segment, as far as the provider knows it.
        var types = request.Rest.Where((_, index) => index % 2 == 0).ToArray();
        for (var length = types.Length; length > 0; length--)
        {
            var type = string.Join('/', types[..length]);
            if (provider.Types.FirstOrDefault(each => Is(each.Key, type)) is { Key: not null } known)
            {
                if (!known.Value.Contains(request.ApiVersion, StringComparer.OrdinalIgnoreCase))
                {
                    throw ArmRejection.BadRequest(
                        "NoRegisteredProviderFound",
                        $"No registered resource provider found for location 'global' and API version '{request.ApiVersion}' for type '{known.Key}'. The supported api-versions are '{string.Join(", ", known.Value)}'.");
                }

                return;
            }
        }
    }

    private static void RequireOwnVersion(ArmRequest request)
    {
        if (!OwnVersions.Contains(request.ApiVersion, StringComparer.OrdinalIgnoreCase))
        {
            throw ArmRejection.BadRequest(
                "InvalidApiVersionParameter",
                $"The api-version '{request.ApiVersion}' is invalid. The supported versions are '{string.Join(',', OwnVersions)}'.");
        }
    }

    private static ArmResponse OnlyGet(ArmRequest request, Func<ArmResponse> answer) =>
        request.Method is "GET" or "HEAD" ? answer() : throw request.MethodNotAllowed();

    private static ArmRejection NoRoute(ArmRequest request) => new(404, "InvalidResourcePath", $"The simulator has nothing at '{request.Path}'.");

    private JsonObject Subscription() => new()
    {
        ["id"] = "/subscriptions/" + services.Scenario.SubscriptionId,
        ["subscriptionId"] = services.Scenario.SubscriptionId,
        ["displayName"] = "Simulated subscription",
        ["state"] = "Enabled",
    };

    private JsonObject Describe(string name, ArmScope scope) => new()
    {
        ["id"] = (scope.SubscriptionId is null ? "" : "/subscriptions/" + scope.SubscriptionId) + "/providers/" + name,
        ["namespace"] = name,
        ["registrationState"] = "Registered",
        ["resourceTypes"] = new JsonArray([.. providers.Where(each => Is(each.Namespace, name)).SelectMany(each => each.Types).Select(type => new JsonObject
        {
            ["resourceType"] = type.Key,
            ["locations"] = new JsonArray([.. services.Locations.Names.Select(region => JsonValue.Create(region))]),
            ["apiVersions"] = new JsonArray([.. type.Value.Select(version => JsonValue.Create(version))]),
        })]),
    };

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(-[a-z]+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ApiVersion();
}
