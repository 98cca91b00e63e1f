using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>What Resource Manager answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record ArmResponse(int Status, JsonNode? Body = null)
{
    /// <summary>Seconds for a Retry-After header; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Headers beside the common ones, each name once.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether slashes are escaped in the body, as Traffic Manager's serializer does.</summary>
    public bool EscapesSlashes { get; init; }

    /// <summary>Which part has failed: <c>gateway</c> or <c>service</c>; null on success.</summary>
    public string? FailureCause { get; init; }

    /// <summary>The suffix of the header that tells how many requests are left; null for the usual one.</summary>
    public string? RemainingHeader { get; init; }

    public static ArmResponse Ok(JsonNode? body = null) => new(200, body);

    public static ArmResponse List(IEnumerable<JsonNode> items) => new(200, new JsonObject { ["value"] = new JsonArray([.. items]) });

    public ArmResponse With(string header, string value) =>
        this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };
}
