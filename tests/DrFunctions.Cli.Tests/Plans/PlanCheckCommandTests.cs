using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Plans;

public sealed class PlanCheckCommandTests
{
    [Fact]
    public async Task Check_WithMistakes_TellsEachWithFileLineAndColumn()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("bad.yaml");
        var sample = await File.ReadAllTextAsync(RepositoryRoot.Combine("samples", "shop.yaml"));
        await File.WriteAllTextAsync(path, sample.Replace("rpo: 15m", "rpo: 15x", StringComparison.Ordinal).Replace("dwell: 30s", "dwel: 30s", StringComparison.Ordinal));

        var outcome = await Dr.RunAsync(["plan", "check", path]);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains("has 2 mistakes", outcome.Error, StringComparison.Ordinal);
        Assert.Matches(@"bad\.yaml:\d+:\d+ objectives\.rpo: .*15x", outcome.Error);
        Assert.Matches(@"bad\.yaml:\d+:\d+ alerts\.dwel: ", outcome.Error);
    }

    [Fact]
    public async Task Check_OfAMissingFile_NamesIt()
    {
        var outcome = await Dr.RunAsync(["plan", "check", "nowhere.yaml"]);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains("There is no file nowhere.yaml.", outcome.Error, StringComparison.Ordinal);
    }
}
