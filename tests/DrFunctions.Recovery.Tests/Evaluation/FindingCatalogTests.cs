using System.Text.RegularExpressions;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Testing.Files;

namespace DrFunctions.Recovery.Tests.Evaluation;

public sealed partial class FindingCatalogTests
{
    /// <summary>After a change of the catalog: DR_WRITE_DOCS=1 dotnet test tests/DrFunctions.Recovery.Tests --filter FindingCatalog</summary>
    [Fact]
    public async Task Page_SaysWhatTheCatalogSays()
    {
        var path = RepositoryRoot.Combine("docs", "findings.md");
        if (Environment.GetEnvironmentVariable("DR_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, FindingReference.Text());
        }

        Assert.Equal(FindingReference.Text(), await File.ReadAllTextAsync(path));
    }

    [Fact]
    public void Catalog_HasEveryCodeThatTheRulesSayAndNoOther()
    {
        var said = Sources().SelectMany(file => Codes().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(said.Order(StringComparer.Ordinal), FindingCatalog.All.Select(kind => kind.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Catalog_SaysAllOfEveryCode()
    {
        Assert.All(FindingCatalog.All, kind =>
        {
            Assert.Contains(kind.Severity, new[] { "error", "warning", "unknown", "error or warning" });
            Assert.EndsWith(".", kind.Meaning, StringComparison.Ordinal);
            Assert.EndsWith(".", kind.Next, StringComparison.Ordinal);
            Assert.DoesNotContain('|', kind.Meaning + kind.Next);
        });
        Assert.Equal(FindingCatalog.All.Count, FindingCatalog.All.Select(kind => kind.Code).Distinct().Count());
    }

    private static IEnumerable<string> Sources() => new[] { "DrFunctions.Recovery", "DrFunctions" }
        .SelectMany(project => Directory.EnumerateFiles(RepositoryRoot.Combine("src", project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && Path.GetFileName(file) != "FindingCatalog.cs");

    [GeneratedRegex("\"(DR-[A-Z]+-[0-9]{3})\"")]
    private static partial Regex Codes();
}
