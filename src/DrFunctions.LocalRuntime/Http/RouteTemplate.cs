using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Routes of HTTP functions.</summary>
internal static class RouteTemplate
{
    private static readonly DefaultInlineConstraintResolver Constraints =
        new(Options.Create(new RouteOptions()), EmptyServices.Instance);

    /// <summary>Why a template is not valid; null where it is.</summary>
    public static string? Check(string template)
    {
        try
        {
            var pattern = RoutePatternFactory.Parse(template);
            foreach (var reference in pattern.ParameterPolicies.SelectMany(policy => policy.Value))
            {
                if (reference.Content is { } content && Constraints.ResolveConstraint(content) is null)
                {
                    return $"the constraint '{content}' is not known";
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is RoutePatternException or RouteCreationException or ArgumentException)
        {
            return exception.Message;
        }
    }

    /// <summary>The names of the template's parameters.</summary>
    public static IEnumerable<string> Parameters(string template) =>
        RoutePatternFactory.Parse(template).Parameters.Select(parameter => parameter.Name);

    /// <summary>The template without its parameters' names, to find two that match the same requests.</summary>
    public static string Shape(string template) => string.Join('/', RoutePatternFactory.Parse(template).PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => "{" + string.Concat(parameter.ParameterPolicies.Select(policy => ":" + policy.Content))
                + (parameter.IsCatchAll ? "*" : "") + "}",
            _ => part.ToString() ?? "",
        }))));

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
