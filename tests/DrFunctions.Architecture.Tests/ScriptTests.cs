using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests;

public sealed partial class ScriptTests
{
    [Theory]
    [InlineData(".ci/run")]
    [InlineData("tests/run")]
    public void Script_StopsAtTheFirstFailure(string path)
    {
        var script = Repository.Read(path);

        Assert.StartsWith("#!/usr/bin/env bash\n", script, StringComparison.Ordinal);
        Assert.Contains("\nset -euo pipefail\n", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EndsWithTheReadmesTestCommand() => Assert.Matches(@"\nbash tests/run( --no-build)?\n$", Repository.Read(".ci/run"));

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
