using DrFunctions.Cli.Tests.Api;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Reports;

public sealed class ReportShowCommandTests
{
    [Fact]
    public async Task Show_WritesMarkdown()
    {
        await using var app = await FakeApp.StartAsync(request => (200, $"# {request.Path}\n"));

        var outcome = await Dr.RunAsync(["report", "show", "shop-1", "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal((ExitCodes.Success, "# /api/runs/shop-1/report?format=markdown\n"), (outcome.Code, outcome.Output));
    }

    [Fact]
    public async Task Show_Html_WritesAFile()
    {
        using var folder = new TemporaryFolder();
        await using var app = await FakeApp.StartAsync(request => (200, request.Path));

        var outcome = await Dr.RunAsync(["report", "show", "shop-1", "--html", folder.Combine("r.html"), "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Equal("/api/runs/shop-1/report?format=html", await File.ReadAllTextAsync(folder.Combine("r.html")));
    }
}
