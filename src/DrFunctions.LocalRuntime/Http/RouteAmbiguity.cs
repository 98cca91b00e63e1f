using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>
/// Finds a request that two templates match and that routing gives to neither. Routing prefers the template with the lower
/// precedence; those of equal precedence have the same kind of segment at each place, so that each place is looked at by itself.
/// </summary>
internal static class RouteAmbiguity
{
    // One or more values for each of the known constraints. Two regular expressions that meet elsewhere are not found.
    private static readonly string[] Samples =
    [
        "a", "abc", "name", "0", "1", "5", "10", "42", "100", "1000", "99999", "3000000000", "-1", "1.5", "true",
        "2026-01-02", "0f8fad5b-d9cb-469f-a165-70867728950e", "a1", "a-1", "a.b", "file.txt", "12345678", "abcdefgh", "abcdefghijklmnopqrst",
    ];

    /// <summary>A path that both match; null where none is found.</summary>
    public static string? Find(string first, string second)
    {
        var (left, right) = (RoutePatternFactory.Parse(first), RoutePatternFactory.Parse(second));
        if (left.InboundPrecedence != right.InboundPrecedence)
        {
            return null;
        }

        var path = new List<string>();
        foreach (var (leftSegment, rightSegment) in left.PathSegments.Zip(right.PathSegments))
        {
            var values = Samples.Concat(Values(leftSegment)).Concat(Values(rightSegment));
            if (values.FirstOrDefault(value => Matches(left, leftSegment, value) && Matches(right, rightSegment, value)) is not { } value)
            {
                return null;
            }

            path.Add(value);
        }

        return "/" + string.Join('/', path);
    }

    // What a segment of literals and parameters may look like.
    private static IEnumerable<string> Values(RoutePatternPathSegment segment) => Samples.Select(sample =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            _ => sample,
        })));

    private static bool Matches(RoutePattern pattern, RoutePatternPathSegment segment, string value)
    {
        var values = new RouteValueDictionary();
        var matcher = new TemplateMatcher(new RouteTemplate(RoutePatternFactory.Pattern(segment)), []);
        var constraints = FunctionRoute.ConstraintsOf(pattern);
        return matcher.TryMatch("/" + value, values) && segment.Parts.OfType<RoutePatternParameterPart>().All(parameter =>
            constraints[parameter.Name].All(constraint =>
                constraint.Match(httpContext: null, route: null, parameter.Name, values, RouteDirection.IncomingRequest)));
    }
}
