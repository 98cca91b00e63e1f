using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

public sealed class ToolchainTests
{
    [Fact]
    public void Find_OnAnEmptyPath_NamesWhatIsMissingAndWhereToGetIt()
    {
        using var empty = new TemporaryFolder();

        var failure = Assert.Throws<CliException>(() => Toolchain.Find(empty.Path));

        Assert.Equal(ExitCodes.Machine, ExitCodes.Of(failure));
        Assert.Contains("node (Node.js 20 or later", failure.Message, StringComparison.Ordinal);
        Assert.Contains("npm (", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet", failure.Message, StringComparison.Ordinal); // it runs this test
    }

    [Fact]
    public void Find_OfAFileThatMayNotBeExecuted_DoesNotCountIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("node"), "");
        File.SetUnixFileMode(folder.Combine("node"), UnixFileMode.UserRead);

        Assert.Throws<CliException>(() => Toolchain.Find(folder.Path));
    }

    [Fact]
    public async Task Demo_WithoutNode_IsOneClearMessage()
    {
        using var folder = new TemporaryFolder();

        var outcome = await Dr.RunAsync(["demo", "--state", folder.Path], name => name == "PATH" ? folder.Path : null);

        Assert.Equal(ExitCodes.Machine, outcome.Code);
        Assert.Contains("error: Not found on the PATH: node", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }
}
