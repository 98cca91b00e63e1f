using System.Text.Json;
using DrFunctions.Cli.Tests.Api;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Plans;

public sealed class PlanAdviseCommandTests
{
    private static readonly string Sample = RepositoryRoot.Combine("samples", "shop.yaml");

    [Fact]
    public async Task Advise_TheSample_AsksForWhatItDeclares_AndSaysWhatWasNeverMeasured()
    {
        var outcome = await Dr.RunAsync(["plan", "advise", Sample]);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Contains("asks for  warm", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("declares  warm", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("unknown BackupTimeUnknown  backups[0].schedule", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("unknown StepTimeUnknown  runbooks.failover[1]", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("falls short ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_AFileWithShortRto_FallsShortWithItsCode()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("short.yaml");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(Sample)).Replace("rto: 1h", "rto: 5m", StringComparison.Ordinal));

        using var advice = JsonDocument.Parse((await Dr.RunAsync(["plan", "advise", path, "--json"])).Output);

        Assert.Equal("hot-standby", advice.RootElement.GetProperty("advised").GetProperty("strategy").GetString());
        var finding = advice.RootElement.GetProperty("findings").EnumerateArray().First();
        Assert.Equal(("StrategyTooWeak", "fallsShort", "strategy"), (Text(finding, "code"), Text(finding, "kind"), Text(finding, "path")));
    }

    [Fact]
    public async Task Advise_AnAppliedPlan_UsesWhatWasMeasured()
    {
        var yaml = await File.ReadAllTextAsync(Sample);
        await using var app = await FakeApp.StartAsync(request => (200, request.Path switch
        {
            "/api/plans/shop" => Json(new
            {
                workload = "shop",
                version = "1",
                appliedAt = "2026-03-01T00:00:00Z",
                yaml,
                active = "westeurope",
                epoch = 0,
                objectives = new { rpoSeconds = 900, rtoSeconds = 3600 },
                rpo = new { verdict = "met" },
            }),
            "/api/plans/shop/backups" => Json(new { backups = new[] { new { policy = "files", occurrence = "1", state = "copied", backupSeconds = 700.0, copySeconds = 20.0 } } }),
            _ => Json(new { runs = Array.Empty<object>() }),
        }));

        using var advice = JsonDocument.Parse((await Dr.RunAsync(
            ["plan", "advise", "shop", "--json", "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null)).Output);

        var finding = advice.RootElement.GetProperty("findings").EnumerateArray().First();
        Assert.Equal("BackupTooSlow", Text(finding, "code"));
        Assert.Contains("'files' takes 12 m", Text(finding, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_AnInvalidPlan_TellsItsMistakes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("bad.yaml");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(Sample)).Replace("    - fence: { region: primary }\n", "", StringComparison.Ordinal));

        var outcome = await Dr.RunAsync(["plan", "advise", path]);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains("expected a step before it: fence: { region: primary }", outcome.Error, StringComparison.Ordinal);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
