using System.Reflection;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>Where the function app's assembly is.</summary>
internal static class FunctionAppLocation
{
    /// <summary>
    /// Finds <c>DrFunctions.dll</c>: in <c>app/</c> beside <c>dr</c> (published), else where the build of this repository put it.
    /// </summary>
    /// <exception cref="CliException">It was not built.</exception>
    public static string Find()
    {
        var published = Path.Combine(AppContext.BaseDirectory, "app", "DrFunctions.dll");
        var built = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "FunctionAppPath").Value!; // the project file always writes it
        return new[] { published }
            .Concat(Ancestors(AppContext.BaseDirectory).Select(directory => Path.Combine(directory, built)))
            .FirstOrDefault(File.Exists)
            ?? throw new CliException("NotBuilt",
                $"The function app was found neither at {published} nor as {built} above {AppContext.BaseDirectory}.",
                "Build it with: dotnet build src/DrFunctions.Cli");
    }

    private static IEnumerable<string> Ancestors(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
