using DrFunctions.Testing.Files;

namespace DrFunctions.LocalRuntime.Settings;

public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(RepositoryRoot.Combine("src", "DrFunctions.LocalRuntime", "README.md"));

    public static TheoryData<string> Members => [.. HostMember.All.Select(member => member.Path.Replace(':', '.'))];

    [Theory]
    [MemberData(nameof(Members))]
    public void Readme_NamesEveryMemberOfHostJsonThatIsHonoured(string member) =>
        Assert.Contains($"| `{member}` |", Readme, StringComparison.Ordinal);

    [Fact]
    public void Readme_NamesNoMemberThatIsNot()
    {
        string[] open = ["logging.logLevel.{category}", "extensions.http.customHeaders.{name}"];
        var named = Readme.Split('\n')
            .SkipWhile(line => line != "| member | effect |").Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('`')[1]);

        Assert.Empty(named.Except(HostMember.All.Select(member => member.Path.Replace(':', '.'))).Except(open));
    }
}
