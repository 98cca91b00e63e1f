using Xunit;

namespace DrFunctions.Testing.Files;

/// <summary>A fact about a tool; skipped, and seen to be skipped, where the tool is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="tool">The program.</param>
    /// <param name="package">The Debian package that has it.</param>
    public ToolFactAttribute(string tool, string package) => Skip = Tools.WhyMissing(tool, package);
}

/// <summary>A theory about a tool; skipped, and seen to be skipped, where the tool is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    /// <param name="tool">The program.</param>
    /// <param name="package">The Debian package that has it.</param>
    /// <param name="switchedOnBy">An environment variable that must be 1, for what takes long; null for none.</param>
    public ToolTheoryAttribute(string tool, string package, string? switchedOnBy = null) => Skip = Tools.WhyMissing(tool, package)
        ?? (switchedOnBy is null || Environment.GetEnvironmentVariable(switchedOnBy) == "1" ? null : $"Takes long: set {switchedOnBy}=1.");
}

/// <summary>Programs that tests use when they are there.</summary>
internal static class Tools
{
    public static string? WhyMissing(string tool, string package) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, tool)))
            ? null
            : $"{tool} is not installed (Debian package {package}).";
}
