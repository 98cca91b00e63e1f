namespace DrFunctions.Testing.Files;

/// <summary>The root of the repository that the running tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>Its absolute path.</summary>
    /// <exception cref="DirectoryNotFoundException">No folder above the test assembly holds the solution.</exception>
    public static string Path { get; } = Find();

    /// <summary>A path below the root.</summary>
    public static string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "DrFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds DrFunctions.sln.");
    }
}
