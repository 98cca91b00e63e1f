using System.Diagnostics;
using System.Text;

namespace DrFunctions.Plans.Tests;

/// <summary>Text that was made to hurt, or that is no plan at all: one clear mistake, quickly.</summary>
public sealed class HostileTextTests
{
    [Theory]
    [InlineData("", 1, 1, "The text is empty; expected a plan, which begins with 'workload:'.")]
    [InlineData("# only a comment\n", 1, 1, "The text is empty; expected a plan, which begins with 'workload:'.")]
    [InlineData("just words", 1, 1, "The plan is the text 'just words'; expected a map.")]
    [InlineData("- a\n- b\n", 1, 1, "The plan is a list; expected a map.")]
    [InlineData("workload: shop\n---\nworkload: other\n", 2, 1, "A second document begins here; expected one plan in one document.")]
    [InlineData("workload: &name shop\n", 1, 11, "An anchor (&name) is here, and plans have none; expected the value itself, or quotes around text that begins with '&'.")]
    [InlineData("workload: *name\n", 1, 11, "An alias (*name) is here, and plans have none; expected the value itself, or quotes around text that begins with '*'.")]
    [InlineData("workload: !!binary c2hvcA==\n", 1, 11, "A tag (!name) is here, and plans have none; expected the value itself.")]
    [InlineData("objectives:\n\trpo: 15m\n", 2, 1, "The line is indented with a tab; expected spaces, as YAML wants.")]
    [InlineData("workload: shop\0\n", 1, 15, "The text has the character U+0000; expected a YAML document in UTF-8.")]
    [InlineData("work\uFFFDload: shop\n", 1, 5, "The text has the character U+FFFD; expected a YAML document in UTF-8.")]
    [InlineData("workload: shop\n\uFEFF", 2, 1, "The text has the character U+FEFF; expected a YAML document in UTF-8.")]
    [InlineData("? [a, b]\n: c\n", 1, 3, "A key is a list or a map; expected a name.")]
    public void Read_TextThatIsNoPlan_IsOneMistake(string text, int line, int column, string message)
    {
        var mistake = Sample.OnlyMistake(text);

        Assert.Equal((line, column, message), (mistake.Line, mistake.Column, mistake.Message));
    }

    [Fact]
    public void Read_HalfACharacter_IsOneMistake() =>
        Assert.Equal("The text has the character U+D800; expected a YAML document in UTF-8.", Sample.OnlyMistake("workload: \uD800\n").Message);

    [Fact]
    public void Read_ABareSchedule_SaysThatItNeedsQuotes()
    {
        var mistake = Sample.OnlyMistake(Sample.With("\"*/5 * * * *\"", "*/5 * * * *"));

        Assert.Contains("quotes", mistake.Message, StringComparison.Ordinal);
        Assert.Equal(Sample.PlaceOf(Sample.Yaml, "\"*/5").Line, mistake.Line);
    }

    [Fact]
    public void Read_AnUnclosedQuote_SaysWhereTheTextStopsBeingYaml()
    {
        var mistake = Sample.OnlyMistake(Sample.With("schedule: \"*/5 * * * *\"", "schedule: \"*/5 * * * *"));

        Assert.StartsWith("The text is not YAML: ", mistake.Message, StringComparison.Ordinal);
        Assert.True(mistake.Line >= Sample.PlaceOf(Sample.Yaml, "schedule:").Line);
    }

    [Fact]
    public void Read_BillionLaughs_StopsAtTheFirstAnchor()
    {
        var bomb = new StringBuilder("a0: &a0 [lol]\n");
        for (var level = 1; level < 30; level++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        Assert.StartsWith("An anchor", AssertQuick(bomb.ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ATextOverTheLimit_IsNotParsed() => Assert.Equal(
        "The plan has 262145 bytes; expected at most 262144.",
        AssertQuick(new string('#', PlanReader.MaxBytes + 1)).Message);

    [Fact]
    public void Read_AMultiByteTextOverTheLimit_CountsBytes() => Assert.Equal(
        "The plan has 262146 bytes; expected at most 262144.",
        AssertQuick(new string('é', (PlanReader.MaxBytes / 2) + 1)).Message);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("[{")]
    [InlineData("\"\\")]
    [InlineData("a: |\n ")]
    [InlineData("a: 'x\n\n")]
    [InlineData("%TAG ! ! \n")]
    [InlineData("--- \n")]
    [InlineData("a,")]
    [InlineData("*")]
    [InlineData("\n ")]
    [InlineData(": ")]
    public void Read_OnePieceRepeatedToTheLimit_IsAnsweredQuickly(string piece) =>
        AssertQuick(string.Concat(Enumerable.Repeat(piece, (PlanReader.MaxBytes / piece.Length) - 1)));

    [Theory]
    [InlineData("{0}: x\n")]
    [InlineData("stores{0}: [x]\n")]
    public void Read_ThousandsOfUnknownKeys_IsAnsweredQuickly(string line)
    {
        var yaml = string.Concat(Enumerable.Range(0, 16_000).Select(index => string.Format(System.Globalization.CultureInfo.InvariantCulture, line, index)));

        AssertQuick(yaml);
    }

    [Theory]
    [InlineData("connection: SHOP_WESTEUROPE_STORAGE", "connection: \"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net\"")]
    [InlineData("container: backups", "container: \"AccountKey=c2VjcmV0\"")]
    [InlineData("check: http://shop.trafficmanager.net/health", "check: http://admin:c2VjcmV0@shop.trafficmanager.net/health")]
    [InlineData("check: http://shop.trafficmanager.net/health", "check: http://shop.trafficmanager.net/health?code=c2VjcmV0")]
    [InlineData("strategy: warm", "\"SharedAccessSignature=c2VjcmV0\": x\nstrategy: warm")]
    [InlineData("strategy: warm", "strategy: \"sig=c2VjcmV0\"")]
    public void Read_ASecretWhereNoneBelongs_NeverRepeatsIt(string text, string replacement)
    {
        var result = PlanReader.Read(Sample.With(text, replacement));

        Assert.NotEmpty(result.Mistakes);
        Assert.All(result.Mistakes, mistake => Assert.DoesNotContain("c2VjcmV0", mistake.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Read_AVeryLongValue_IsShownShort()
    {
        var mistake = Sample.OnlyMistake(Sample.With("workload: shop", $"workload: {new string('x', 5000)}"));

        Assert.InRange(mistake.Message.Length, 80, 250);
    }

    // Generous: the machine may be busy; the answers that this guards against take minutes or the whole memory.
    private static PlanMistake AssertQuick(string yaml)
    {
        var clock = Stopwatch.StartNew();
        var result = PlanReader.Read(yaml);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"It took {clock.Elapsed}.");
        Assert.Null(result.Plan);
        return result.Mistakes[0];
    }
}
