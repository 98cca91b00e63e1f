using Xunit;

namespace DrFunctions.Testing;

/// <summary>The folder of Azure's published examples beside the repository, where a machine has one.</summary>
public static class SharedSpecs
{
    /// <summary>The folder; null where it is absent.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "DrFunctions.sln")))
            {
                var folder = Path.Combine(at.FullName, "..", "shared", "azure-specs");
                return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
            }
        }

        return null;
    }
}

/// <summary>A theory over Azure's published examples; skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedSpecsTheoryAttribute : TheoryAttribute
{
    public SharedSpecsTheoryAttribute()
    {
        if (SharedSpecs.Folder is null)
        {
            Skip = "Azure's published examples are not beside the repository (../shared/azure-specs).";
        }
    }
}
