using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Routes of HTTP functions.</summary>
internal static class FunctionRoute
{
    private static readonly DefaultInlineConstraintResolver Constraints = new(Options.Create(new RouteOptions()), EmptyServices.Instance);

    // The official host compares the beginning only, and before the prefix is added: "administration" is refused there too.
    private static readonly string[] Reserved = ["admin", "runtime"];

    /// <summary>Why a route is not valid; null where it is.</summary>
    public static string? Check(string route)
    {
        if (route.StartsWith('/'))
        {
            return "it begins with '/', which the official worker cannot map: expected a path below the prefix";
        }

        if (Reserved.FirstOrDefault(prefix => route.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } reserved)
        {
            return $"the host reserves routes that begin with '{reserved}'";
        }

        try
        {
            foreach (var content in Policies(RoutePatternFactory.Parse(route)).Select(policy => policy.Content))
            {
                if (content is not null && Constraints.ResolveConstraint(content) is null)
                {
                    return $"the constraint '{content}' is not known";
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is RoutePatternException or RouteCreationException or ArgumentException)
        {
            return exception.Message.ReplaceLineEndings(" ");
        }
    }

    /// <summary>The whole template of a valid route.</summary>
    public static string Template(string prefix, string route) => prefix.Length == 0 ? route : route.Length == 0 ? prefix : $"{prefix}/{route}";

    /// <summary>The names of a template's parameters.</summary>
    public static IEnumerable<string> Parameters(string template) =>
        RoutePatternFactory.Parse(template).Parameters.Select(parameter => parameter.Name);

    /// <summary>The constraints of a template's parameters, by name.</summary>
    public static ILookup<string, IRouteConstraint> ConstraintsOf(RoutePattern pattern) => pattern.ParameterPolicies
        .SelectMany(policies => policies.Value.Select(policy => (Name: policies.Key, policy.Content)))
        .Where(policy => policy.Content is not null)
        .ToLookup(
            policy => policy.Name,
            policy => Constraints.ResolveConstraint(policy.Content!) // Not null: filtered above.
                ?? throw new InvalidOperationException($"The constraint '{policy.Content}' was checked before."));

    private static IEnumerable<RoutePatternParameterPolicyReference> Policies(RoutePattern pattern) =>
        pattern.ParameterPolicies.SelectMany(policy => policy.Value);

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
