using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Testing.Files;

namespace DrFunctions.LocalRuntime.OfficialApi;

/// <summary>
/// What compiles against the local runtime must compile against the official packages: in their namespaces it shows nothing that
/// they do not have. <c>official-api.txt</c> holds the official lines of what it shows.
/// </summary>
public sealed class OfficialApiTests
{
    private const string Copy = "tests/DrFunctions.LocalRuntime.Tests/OfficialApi/official-api.txt";

    private static readonly List<string> Shown = [.. ApiLines.Of(typeof(FunctionsTestHost).Assembly.GetExportedTypes()
        .Where(type => type.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) == true))
        .Order(StringComparer.Ordinal)];

    [Fact]
    public void LocalRuntime_InOfficialNamespaces_ShowsOnlyWhatThePackagesShow()
    {
        var official = File.ReadAllLines(RepositoryRoot.Combine(Copy)).ToHashSet();

        Assert.NotEmpty(Shown);
        AssertNone(Shown.Where(line => !official.Contains(line)), $"is shown but not in {Copy}");
    }

    [Fact]
    public void Copy_HoldsOnlyWhatIsShown()
    {
        AssertNone(File.ReadAllLines(RepositoryRoot.Combine(Copy)).Except(Shown), $"is in {Copy} but not shown");
    }

    [SharedFact("api")]
    public void Copy_IsInTheOfficialLists()
    {
        var official = Directory.EnumerateFiles(SharedFolder.Combine("api"), "Microsoft.*.txt").SelectMany(File.ReadLines).ToHashSet();

        Assert.NotEmpty(official);
        AssertNone(File.ReadAllLines(RepositoryRoot.Combine(Copy)).Where(line => !official.Contains(line)), "is not official");
    }

    [SharedFact("api")]
    public void AbstractTypes_HaveTheOfficialAbstractMembers()
    {
        var official = Directory.EnumerateFiles(SharedFolder.Combine("api"), "Microsoft.*.txt").SelectMany(File.ReadLines).Distinct().ToList();
        var declared = Shown.ToHashSet();
        var types = Shown
            .Where(line => line.Contains("\tabstract class", StringComparison.Ordinal))
            .Select(line => line[2..line.IndexOf('\t', StringComparison.Ordinal)]);

        var missing = types.SelectMany(type => official.Where(line =>
            line.Contains("\tabstract ", StringComparison.Ordinal)
            && line[2..].StartsWith(type + ".", StringComparison.Ordinal)
            && !line[(type.Length + 3)..].Split(['(', '\t'])[0].Contains('.', StringComparison.Ordinal)
            && !declared.Contains(line)));

        AssertNone(missing, "is official, abstract and not declared");
    }

    private static void AssertNone(IEnumerable<string> lines, string what)
    {
        var found = lines.ToList();
        Assert.True(found.Count == 0, $"{what}:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }
}
