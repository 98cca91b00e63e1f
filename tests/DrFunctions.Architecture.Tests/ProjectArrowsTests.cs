using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests;

/// <summary>The table of docs/design.md, section 2, is what is built.</summary>
public sealed partial class ProjectArrowsTests
{
    // What stands behind the app's API and behind a package is chosen by the build (section 2), not by the design.
    private static readonly Dictionary<string, string[]> ChosenByTheBuild = new(StringComparer.Ordinal)
    {
        ["DrFunctions"] = ["DrFunctions.LocalRuntime"],
    };

    private const string StandIn = "System.IO.Hashing";

    private static readonly IReadOnlyDictionary<string, string[]> Design = ReadDesign();

    public static TheoryData<string> Projects => [.. Repository.Projects.Select(project => project.Name)];

    [Fact]
    public void Design_NamesTheProjectsThatExist() =>
        Assert.Equal(Repository.Projects.Select(project => project.Name).Order(StringComparer.Ordinal), Design.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectFile_ReferencesOnlyWhatTheDesignSays(string name)
    {
        var known = Known(name);

        Assert.DoesNotContain(Project(name).ProjectReferences, reference => !known.Contains(reference));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_ReferencesOnlyWhatTheDesignSays(string name)
    {
        var known = Known(name).Select(reference => Project(reference).AssemblyName).ToHashSet(StringComparer.Ordinal);
        var ours = Repository.Projects.Select(project => project.AssemblyName).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(AssemblyReferences(name), reference => ours.Contains(reference) && !known.Contains(reference));
    }

    [Theory]
    [InlineData("DrFunctions.Recovery")]
    [InlineData("DrFunctions.Backup")]
    [InlineData("System.IO.Hashing")]
    public void Assembly_OfTheCore_ReferencesNothingButTheBaseClassLibrary(string name)
    {
        var framework = RuntimeEnvironment.GetRuntimeDirectory();

        Assert.DoesNotContain(AssemblyReferences(name), reference => !File.Exists(Path.Combine(framework, $"{reference}.dll")));
        Assert.Empty(Project(name).PackageReferences);
    }

    [Fact]
    public void Packages_AreNeverReferencedWithAVersionOfTheirOwn()
    {
        var files = Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories);

        Assert.DoesNotContain(files, file => VersionedReference().IsMatch(File.ReadAllText(file)));
    }

    private static SourceProject Project(string name) => Repository.Projects.Single(project => project.Name == name);

    private static HashSet<string> Known(string name)
    {
        var known = new HashSet<string>(StringComparer.Ordinal) { StandIn };
        var open = new Queue<string>([.. Design[name], .. ChosenByTheBuild.GetValueOrDefault(name, [])]);
        while (open.TryDequeue(out var next))
        {
            if (known.Add(next))
            {
                Array.ForEach(Design[next], open.Enqueue);
            }
        }

        known.Remove(name);
        return known;
    }

    private static List<string> AssemblyReferences(string name)
    {
        using var file = new PEReader(File.OpenRead(Project(name).Assembly));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    // | `project` | what it is | what it knows[; what it does beside] |
    private static Dictionary<string, string[]> ReadDesign()
    {
        var rows = ProjectRow().Matches(Repository.Section(Repository.Read("docs", "design.md"), "## 2. Layout"));
        var names = rows.Select(row => row.Groups[1].Value).ToList();
        return rows.ToDictionary(
            row => row.Groups[1].Value,
            row => names.Where(name => Regex.IsMatch(row.Groups[2].Value.Split(';')[0], $@"\b{Regex.Escape(name.Replace("DrFunctions.", "", StringComparison.Ordinal))}\b")).ToArray(),
            StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^\| `([A-Za-z.]+)` \|[^|]*\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex ProjectRow();

    [GeneratedRegex(@"<PackageReference[^>]*\bVersion(Override)?=")]
    private static partial Regex VersionedReference();
}
