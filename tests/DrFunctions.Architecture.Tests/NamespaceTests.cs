using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests;

public sealed partial class NamespaceTests
{
    // The API that Microsoft publishes, carried by the local runtime under its own names.
    private static readonly string[] Official = ["Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask", "Microsoft.Extensions.", "Microsoft.AspNetCore."];

    public static TheoryData<string> Projects => [.. Repository.Projects.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_IsThePath(string name)
    {
        var project = Repository.Projects.Single(project => project.Name == name);
        var wrong = new List<string>();
        foreach (var file in Repository.Sources(project.Folder))
        {
            var folder = Path.GetRelativePath(project.Folder, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.'); // a file has a folder
            var expected = folder == "." ? project.RootNamespace : $"{project.RootNamespace}.{folder}";
            var found = Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);
            wrong.AddRange(found
                .Where(space => space != expected && !(name == "DrFunctions.LocalRuntime" && IsOfficial(space)))
                .Select(space => $"{Path.GetRelativePath(Repository.Root, file)}: {space}, expected {expected}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Namespace_IsNeverNamedAzure()
    {
        var found = Repository.Projects
            .SelectMany(project => Repository.Sources(project.Folder))
            .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Where(space => space.Split('.').Contains("Azure") && !IsOfficial(space));

        Assert.Empty(found.Distinct());
    }

    [Fact]
    public void Folders_AreNeverNamedByKind()
    {
        string[] kinds = ["Models", "Interfaces", "Helpers", "Utils", "Common", "Extensions", "Exceptions", "Misc", "Shared"];
        var folders = Repository.Projects.SelectMany(project => Repository.Sources(project.Folder))
            .SelectMany(file => Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar)[..^1]);

        Assert.Empty(folders.Intersect(kinds));
    }

    private static bool IsOfficial(string space) => Official.Any(name => space.StartsWith(name, StringComparison.Ordinal));

    [GeneratedRegex(@"^namespace\s+([A-Za-z0-9_.]+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
