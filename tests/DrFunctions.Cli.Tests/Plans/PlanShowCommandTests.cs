using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Plans;

public sealed class PlanShowCommandTests
{
    [Fact]
    public async Task Show_SeveralStores_SaysWhichIsTheWorst()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, """
            {"workload":"shop","version":"v000001","appliedAt":"2026-03-01T02:00:00Z","yaml":"","active":"westeurope","epoch":1,
            "objectives":{"rpoSeconds":900,"rtoSeconds":3600},"rpo":{"verdict":"unknown","worstStore":"orders","stores":[
            {"store":"files","source":"backup-copy","lagSeconds":60,"restorePoint":"2026-03-01T02:59:00Z","detail":"files is safe until 2026-03-01 02:59:00Z (backup-copy)"},
            {"store":"orders","source":"postgres-replication","detail":"orders is unknown: the server 'north' is no replica (None)"}]}}
            """));

        var outcome = await Dr.RunAsync(["plan", "show", "shop", "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Contains("    files is safe until 2026-03-01 02:59:00Z (backup-copy)", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("    worst: orders is unknown: the server 'north' is no replica (None)", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"runId":"shop-1","state":"held","runState":"running"}""", "lock held by run shop-1", false)]
    [InlineData("""{"runId":"shop-1","state":"released"}""", "lock released by run shop-1", false)]
    [InlineData(
        """{"runId":"shop-1","state":"held","runState":"paused","pause":{"code":"WebAppMissing","message":"it does not exist.","at":"2026-03-01T03:00:00Z","until":"2026-03-02T03:00:00Z","decisions":["retry","cancel"],"occasion":9}}""",
        "lock held by run shop-1 paused: WebAppMissing: it does not exist; decide with dr run retry, dr run cancel before 2026-03-02 03:00:00Z",
        true)]
    public async Task Show_TheLock_SaysWhatItsRunWaitsFor(string held, string expected, bool paused)
    {
        await using var app = await FakeApp.StartAsync(_ => (200, $$"""
            {"workload":"shop","version":"v000001","appliedAt":"2026-03-01T02:00:00Z","yaml":"","active":"westeurope","epoch":1,
            "objectives":{"rpoSeconds":900,"rtoSeconds":3600},"rpo":{"verdict":"unknown"},"lock":{{held}}}
            """));

        var outcome = await Dr.RunAsync(["plan", "show", "shop", "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        var text = string.Join(' ', outcome.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(paused, text.Contains("paused", StringComparison.Ordinal));
    }
}
