using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests;

public sealed partial class ScriptTests
{
    [Theory]
    [InlineData(".ci/run")]
    [InlineData("tests/run")]
    [InlineData("tests/kill-campaign")]
    public void Script_StopsAtTheFirstFailure(string path)
    {
        var script = Repository.Read(path);

        Assert.StartsWith("#!/usr/bin/env bash\n", script, StringComparison.Ordinal);
        Assert.Contains("\nset -euo pipefail\n", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EndsWithTheReadmesTestCommand() => Assert.Matches(@"\nbash tests/run( --no-build)?\n$", Repository.Read(".ci/run"));

    [Theory]
    [InlineData("0", "1")]
    [InlineData("x", "1")]
    [InlineData("1", "1 --filter")]
    public async Task KillCampaign_NothingToPlay_IsRefused(string count, string seed)
    {
        using var script = new Process
        {
            StartInfo = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "tests", "kill-campaign"), count, seed])
            {
                RedirectStandardError = true,
            },
        };
        script.Start();
        var said = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();

        Assert.Equal($"tests/kill-campaign: N is '{count}' and SEED '{seed}'; "
            + "expected whole numbers, N at least 1, such as: bash tests/kill-campaign 100 42\n", said);
        Assert.Equal(2, script.ExitCode);
    }

    [Theory]
    [InlineData("kill-campaign")]
    [InlineData("durable-kill-campaign")]
    public void Campaign_NoTestRan_Fails(string script) =>
        Assert.EndsWith(" RunConfiguration.TreatNoTestsAsError=true\n", Repository.Read("tests", script), StringComparison.Ordinal);

    [Fact]
    public void Tests_OneHangs_AreEnded() => Assert.Contains("--blame-hang-timeout ", Repository.Read("tests", "run"), StringComparison.Ordinal);

    [Fact]
    public void Workflow_BuildsBothRuntimes()
    {
        var workflow = Repository.Read(".github", "workflows", "ci.yml");

        Assert.Contains("run: .ci/run\n", workflow, StringComparison.Ordinal);
        Assert.Contains("-p:FunctionsRuntime=Azure", workflow, StringComparison.Ordinal);
        Assert.Contains("az bicep build --file bicep/main.bicep", workflow, StringComparison.Ordinal);
        Assert.Equal("read", Permission().Match(workflow).Groups[1].Value);
    }

    [GeneratedRegex(@"^permissions:\n  contents: (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Permission();
}
