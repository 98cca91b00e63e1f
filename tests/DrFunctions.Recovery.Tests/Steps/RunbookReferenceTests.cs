using DrFunctions.Testing.Files;

namespace DrFunctions.Recovery.Tests.Steps;

public sealed class RunbookReferenceTests
{
    /// <summary>After a change of a kind: DR_WRITE_DOCS=1 dotnet test tests/DrFunctions.Recovery.Tests --filter RunbookReference</summary>
    [Fact]
    public async Task Page_SaysWhatTheCatalogSays()
    {
        var path = RepositoryRoot.Combine("docs", "runbooks.md");
        if (Environment.GetEnvironmentVariable("DR_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, RunbookReference.Text());
        }

        Assert.Equal(RunbookReference.Text(), await File.ReadAllTextAsync(path));
    }
}
