using System.Text.Json;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests;

public sealed class DrCommandLineTests
{
    [Theory]
    [InlineData("bogus")]
    [InlineData("run")]
    [InlineData("run", "start", "shop")]
    [InlineData("demo", "--size", "many")]
    [InlineData("backup", "restore", "--to", "x")]
    public async Task CommandLine_WithAMistake_IsBadInputAndSaysWhereHelpIs(params string[] args)
    {
        var outcome = await Dr.RunAsync(args);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains("error:", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("--help", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task Help_IsSuccess()
    {
        var outcome = await Dr.RunAsync(["--help"]);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Contains("demo", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_WithJson_IsOneDocumentOnStandardOutput()
    {
        using var folder = new TemporaryFolder();

        var outcome = await Dr.RunAsync(["run", "list", "shop", "--json", "--state", folder.Path]);

        Assert.Equal(ExitCodes.Unreachable, outcome.Code);
        using var document = JsonDocument.Parse(outcome.Output);
        var error = document.RootElement.GetProperty("error");
        Assert.Equal("Unreachable", error.GetProperty("code").GetString());
        Assert.Contains("dr up", error.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Output_NotATerminal_HasNoEscapeSequences()
    {
        var outcome = await Dr.RunAsync(["plan", "check", RepositoryRoot.Combine("samples", "shop.yaml")]);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.DoesNotContain('\u001b', outcome.Output);
        Assert.Contains("the plan of shop is valid", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void DiskFull_IsToldAsWhatItIs()
    {
        var told = FailureBorder.MessageOf(new IOException("No space left on device", 28));

        Assert.Equal("DiskFull", told.Code);
        Assert.Equal(ExitCodes.Machine, ExitCodes.Of(told));
    }
}
