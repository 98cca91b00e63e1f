using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests;

public sealed partial class ReadmeTests
{
    private static readonly string Readme = Repository.Read("README.md");

    [Fact]
    public void Readme_HasTheTwoCommandsAndNoOther()
    {
        var block = Assert.Single(Block().Matches(Repository.Section(Readme, "## Two commands")));
        var commands = block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["dotnet run --project src/DrFunctions.Cli -- demo", "bash tests/run"], commands);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src/DrFunctions.Cli/DrFunctions.Cli.csproj")));
        Assert.True(File.Exists(Path.Combine(Repository.Root, "tests/run")));
    }

    [Fact]
    public void Readme_PathsExist()
    {
        var links = Link().Matches(Readme).Select(match => match.Groups[1].Value);
        var paths = RepositoryPath().Matches(Readme).Select(match => match.Value);

        Assert.DoesNotContain(links.Concat(paths).Distinct(), path => !Path.Exists(Path.Combine(Repository.Root, path)));
    }

    [Fact]
    public void Readme_RoutesAreThoseOfTheDesign()
    {
        var design = Repository.Section(Repository.Read("docs", "design.md"), "## 5. HTTP API");
        var routes = Route().Matches(Readme).Select(match => match.Value.Replace("shop", "{workload}", StringComparison.Ordinal).Replace("failover", "{runbook}", StringComparison.Ordinal));

        Assert.NotEmpty(routes);
        Assert.DoesNotContain(routes, route => !design.Contains($"{route}`", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.])(src|tests|docs|bicep|samples)/[\w./-]*\w")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"/api/[a-z/]+\w")]
    private static partial Regex Route();
}
