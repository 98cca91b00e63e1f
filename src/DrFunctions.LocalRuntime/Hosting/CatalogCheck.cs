using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Http;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Finds functions that answer the same requests or the same durable names.</summary>
internal static class CatalogCheck
{
    public static IEnumerable<string> Problems(FunctionCatalog catalog) => Routes(catalog).Concat(Names(catalog));

    private static IEnumerable<string> Routes(FunctionCatalog catalog)
    {
        var functions = catalog.Functions
            .Where(function => function.Trigger is HttpFunctionTrigger)
            .Select(function => (Function: function, Http: (HttpFunctionTrigger)function.Trigger))
            .ToList();
        for (var i = 0; i < functions.Count; i++)
        {
            var (function, http) = functions[i];
            for (var j = 0; j < i; j++)
            {
                var (other, earlier) = functions[j];
                if (CommonMethod(http.Methods, earlier.Methods) is { } method && RouteAmbiguity.Find(http.Route, earlier.Route) is { } path)
                {
                    yield return function.Place.Problem(
                        $"has the route '{http.Route}' and {other.Place} has '{earlier.Route}': both match {method} {path}");
                }
            }
        }
    }

    // An empty list means any.
    private static string? CommonMethod(IReadOnlyList<string> first, IReadOnlyList<string> second) =>
        first.Count == 0 ? second.FirstOrDefault("GET")
        : second.Count == 0 ? first[0]
        : first.Intersect(second).FirstOrDefault();

    private static IEnumerable<string> Names(FunctionCatalog catalog) => catalog.Functions
        .Where(function => DurableName(function.Trigger) is not null)
        .GroupBy(function => DurableName(function.Trigger), StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .Select(group => group.Last().Place.Problem(
            $"is the {group.Key}, and so is {string.Join(", ", group.SkipLast(1).Select(function => function.Place))}"));

    private static string? DurableName(FunctionTrigger trigger) => trigger switch
    {
        OrchestrationFunctionTrigger orchestration => $"orchestrator '{orchestration.Name}'",
        ActivityFunctionTrigger activity => $"activity '{activity.Name}'",
        _ => null,
    };
}
