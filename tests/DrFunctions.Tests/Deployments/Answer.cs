using System.Text.Json;

namespace DrFunctions.App.Deployments;

/// <summary>An answer of the HTTP API.</summary>
internal sealed record Answer(int Status, string Text, string? Location)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public string Code => this["error.code"];

    public string Message => this["error.message"];

    public override string ToString() => $"{Status} {Text}";

    /// <summary>A member by its path, as text; empty where it is absent.</summary>
    public string this[string path] => At(path) is { } found ? found.ToString() : "";

    public IReadOnlyList<JsonElement> List(string path) => [.. (At(path) ?? throw new KeyNotFoundException($"{path}: {this}")).EnumerateArray()];

    public JsonElement? At(string path)
    {
        var found = Json;
        foreach (var name in path.Split('.'))
        {
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index < found.GetArrayLength())
            {
                found = found[index];
            }
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }

        return found;
    }
}
