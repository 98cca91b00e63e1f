namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>What a path of Resource Manager says by itself; pure.</summary>
internal static class ArmPath
{
    /// <summary>The type of the resource that a path leads to, such as <c>Microsoft.Web/sites</c>; null when it leads to none.</summary>
    public static string? TypeOf(string method, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindLastIndex(segments, segment => ArmRouter.Is(segment, "providers"));
        if (at < 0 || segments.Length < at + 3)
        {
            return null;
        }

        // After the namespace come types and names in turn; a POST ends with an action where a type would be.
        var rest = segments[(at + 2)..];
        var types = rest.Where((_, index) => index % 2 == 0).ToList();
        if (method == "POST" && rest.Length % 2 == 1 && rest.Length > 1)
        {
            types.RemoveAt(types.Count - 1);
        }

        return $"{segments[at + 1]}/{string.Join('/', types)}";
    }
}
