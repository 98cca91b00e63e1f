using System.Text.Json;

namespace DrFunctions.Cli.Tests.Plans;

public sealed class PlanAvailabilityCommandTests
{
    [Fact]
    public async Task Availability_OfComponents_IsShownWithItsDowntime()
    {
        var outcome = await Dr.RunAsync(["plan", "availability", "site 99.99"]);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Contains("99.99 %", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("down 52 m 33 s a year, 4 m 19 s in 30 days, 1 m a week", string.Join(' ', outcome.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Availability_AsJson_IsInPercentAndSeconds()
    {
        using var document = JsonDocument.Parse((await Dr.RunAsync(["plan", "availability", "west 99 | east 99", "--json"])).Output);

        Assert.Equal(99.99m, document.RootElement.GetProperty("percent").GetDecimal());
        Assert.Equal(3153.6, document.RootElement.GetProperty("downtimePerYearSeconds").GetDouble());
    }

    [Theory]
    [InlineData("site", "COMPONENTS at 5: the end, expected the percent of 'site'.")]
    [InlineData("site 200", "COMPONENTS at 6: '200', expected the percent of 'site', 0 to 100.")]
    public async Task Availability_AMistake_IsBadInput(string components, string expected)
    {
        var outcome = await Dr.RunAsync(["plan", "availability", components]);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }
}
