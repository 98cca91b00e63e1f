using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Http;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Finds functions that answer the same requests or the same durable names.</summary>
internal static class CatalogCheck
{
    public static IEnumerable<string> Problems(FunctionCatalog catalog) =>
        Doubles(catalog, Addresses, (address, functions) => $"{functions} have the same route: {address}")
            .Concat(Doubles(catalog, DurableNames, (name, functions) => $"{functions} have the same name: {name}"));

    private static IEnumerable<string> Doubles(
        FunctionCatalog catalog, Func<FunctionTrigger, IEnumerable<string>> keys, Func<string, string, string> message) =>
        catalog.Functions
            .SelectMany(function => keys(function.Trigger).Select(key => (key, function.Name)))
            .GroupBy(pair => pair.key, pair => pair.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => message(group.Key, "functions " + string.Join(", ", group.Select(name => $"'{name}'"))));

    private static IEnumerable<string> Addresses(FunctionTrigger trigger) => trigger is HttpFunctionTrigger http
        ? http.Methods.DefaultIfEmpty("any").Select(method => $"{method} /{RouteTemplate.Shape(http.Route)}")
        : [];

    private static IEnumerable<string> DurableNames(FunctionTrigger trigger) => trigger switch
    {
        OrchestrationFunctionTrigger orchestration => ["orchestrator " + orchestration.Name],
        ActivityFunctionTrigger activity => ["activity " + activity.Name],
        _ => [],
    };
}
