using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Runs;

public sealed class RunExportCommandTests
{
    private static readonly string s_plan = RepositoryRoot.Combine("samples", "shop.yaml");

    [Fact]
    public async Task Export_OfAPlanFile_PrintsEveryStepAsCommandsWithoutAnApp()
    {
        var outcome = await Dr.RunAsync(["run", "export", "failover", "--plan", s_plan]);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        var lines = outcome.Output.Split('\n');
        Assert.StartsWith("# failover of shop", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("# 1. fence: stop shop-westeurope", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("az webapp stop --ids ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("az network traffic-manager endpoint update", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_OfAnUnknownRunbook_NamesTheKnownOnes()
    {
        var outcome = await Dr.RunAsync(["run", "export", "failsafe", "--plan", s_plan]);

        Assert.Equal(ExitCodes.NotFound, outcome.Code);
        Assert.Contains("has no runbook 'failsafe'; it has 'failback', 'failover'", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_TheAppDoesNotAnswer_SaysHowToDoWithoutIt()
    {
        var outcome = await Dr.RunAsync(["run", "export", "shop-1", "--url", "http://127.0.0.1:1"], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal(ExitCodes.Unreachable, outcome.Code);
        Assert.Contains("dr run export RUNBOOK --plan FILE", outcome.Error, StringComparison.Ordinal);
    }
}
