using System.Globalization;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Operations;

/// <summary>The bodies that several providers share.</summary>
internal static class OperationBodies
{
    public static JsonObject NameAndStart(Operation operation) => new()
    {
        ["operation"] = operation.Plan.Name,
        ["startTime"] = Milliseconds(operation.Started),
    };

    public static JsonObject NameStatusStart(Operation operation) => new()
    {
        ["name"] = operation.Id,
        ["status"] = operation.Status,
        ["startTime"] = Milliseconds(operation.Started),
    };

    public static JsonObject StatusOnly(Operation operation) => new() { ["status"] = operation.Status };

    /// <summary>All members that Resource Manager's own convention has, for providers without a recorded exchange.</summary>
    public static JsonObject Conventional(Operation operation)
    {
        var body = new JsonObject
        {
            ["id"] = operation.StatusUrl is { } url ? new Uri(url).AbsolutePath : operation.Id,
            ["name"] = operation.Id,
            ["status"] = operation.Status,
            ["startTime"] = Ticks(operation.Started),
            ["percentComplete"] = operation.PercentComplete,
        };
        if (operation.Ended is { } ended)
        {
            body["endTime"] = Ticks(ended);
        }

        return body;
    }

    public static string Ticks(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);

    private static string Milliseconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
