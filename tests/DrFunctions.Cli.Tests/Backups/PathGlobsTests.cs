using DrFunctions.Cli.Backups;

namespace DrFunctions.Cli.Tests.Backups;

public sealed class PathGlobsTests
{
    [Theory]
    [InlineData("docs", "docs/a/b.txt", true)]
    [InlineData("docs", "docs.txt", false)]
    [InlineData("/docs/", "docs/a", true)]
    [InlineData("docs", "more/docs/a", false)]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "docs/a.txt", false)]
    [InlineData("**/*.txt", "a.txt", true)]
    [InlineData("**/*.txt", "docs/deep/a.txt", true)]
    [InlineData("docs/**", "docs/a/b", true)]
    [InlineData("docs/**/b", "docs/b", true)]
    [InlineData("d?cs/*", "docs/a", true)]
    [InlineData("d?cs", "d/cs", false)]
    [InlineData("a.txt", "abtxt", false)]
    [InlineData("a+(b)[c]", "a+(b)[c]", true)]
    [InlineData("ä/*", "ä/ö", true)]
    [InlineData("*", "line\nfeed", true)]
    public void Of_OneGlob_IncludesWhatItNames(string glob, string path, bool included) => Assert.Equal(included, PathGlobs.Of([glob])!(path)); // One is given.

    [Fact]
    public void Of_Several_IncludesWhatAnyNames()
    {
        var include = PathGlobs.Of(["a", "b/*"])!; // Two are given.

        Assert.True(include("a") && include("b/c"));
        Assert.False(include("c"));
    }

    [Fact]
    public void Of_None_IsAll() => Assert.Null(PathGlobs.Of([]));

    [Fact]
    public void Of_APatternMadeToTakeForever_Ends() =>
        Assert.False(PathGlobs.Of([string.Concat(Enumerable.Repeat("**a", 30)) + "!"])!(new string('a', 4000))); // One is given.
}
