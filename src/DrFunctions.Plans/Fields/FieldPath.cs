namespace DrFunctions.Plans.Fields;

/// <summary>Paths such as <c>stores[0].primary.container</c>.</summary>
internal static class FieldPath
{
    public static string Key(string path, string key) => path.Length == 0 ? Shown.Key(key) : $"{path}.{Shown.Key(key)}";

    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>What a message calls the field: its last segment.</summary>
    public static string Last(string path) => path.Length == 0 ? "The plan" : path[(path.LastIndexOf('.') + 1)..];
}
