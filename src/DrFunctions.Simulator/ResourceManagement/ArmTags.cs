using System.Buffers;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Tags of a resource: at most 50, names up to 512 and values up to 256 characters.</summary>
internal static class ArmTags
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>%&\\?/");

    private const int MaxCount = 50;
    private const int MaxName = 512;
    private const int MaxValue = 256;

    /// <summary>The body's tags, which replace all that a resource has; null when the body has none.</summary>
    /// <exception cref="ArmRejection">They are no tags.</exception>
    public static JsonObject? Read(JsonObject body)
    {
        if (body["tags"] is not { } node)
        {
            return null;
        }

        if (node is not JsonObject tags)
        {
            throw Invalid($"expected an object of names with values and found {node.ToJsonString()}");
        }

        if (tags.Count > MaxCount)
        {
            throw Invalid($"expected at most {MaxCount} tags and found {tags.Count}");
        }

        foreach (var (name, value) in tags)
        {
            if (name.Length is 0 or > MaxName || name.AsSpan().ContainsAny(Forbidden))
            {
                throw Invalid($"a name has 1 to {MaxName} characters and none of < > % & \\ ? /, unlike '{name}'");
            }

            if (value is not JsonValue text || !text.TryGetValue(out string? content) || content.Length > MaxValue)
            {
                throw Invalid($"the value of '{name}' is not a string of at most {MaxValue} characters");
            }
        }

        return tags.DeepClone().AsObject();
    }

    private static ArmRejection Invalid(string why) => ArmRejection.BadRequest("InvalidTag", $"The tags are invalid: {why}.");
}
