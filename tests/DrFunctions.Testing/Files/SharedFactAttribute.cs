using Xunit;

namespace DrFunctions.Testing.Files;

/// <summary>A fact that reads reference material beside the repository (<c>../shared</c>) and is skipped, with the reason, without it.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="path">What the test reads, below <c>../shared</c>.</param>
    public SharedFactAttribute(string path = "") => Skip = SharedFolder.WhyMissing(path);
}

/// <summary>A theory that reads reference material beside the repository and is skipped, with the reason, without it.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    /// <param name="path">What the test reads, below <c>../shared</c>.</param>
    public SharedTheoryAttribute(string path = "") => Skip = SharedFolder.WhyMissing(path);
}

/// <summary>Reference material beside the repository, never copied into it.</summary>
public static class SharedFolder
{
    /// <summary>Its absolute path, whether it exists or not.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(RepositoryRoot.Combine("..", "shared"));

    /// <summary>A path below the folder.</summary>
    public static string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Null when the file or folder is there.</summary>
    public static string? WhyMissing(string path)
    {
        var full = System.IO.Path.Combine(Path, path);
        return File.Exists(full) || Directory.Exists(full) ? null : $"'../shared/{path}' is not beside this repository.";
    }
}
