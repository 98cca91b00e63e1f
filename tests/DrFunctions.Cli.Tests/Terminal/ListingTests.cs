using DrFunctions.Cli.Terminal;
using Spectre.Console;

namespace DrFunctions.Cli.Tests.Terminal;

public sealed class ListingTests
{
    private const string Long = "the newest complete snapshot of 'files' is shop_files_1 of 2026-11-22 15:36:09Z, and it can be read";

    [Fact]
    public void Draw_WideTerminal_IsATable() => Assert.Equal(
        [
            "name    state   what",
            "────────────────────────",
            "fence   done    ok",
        ],
        Drawn(ListingOf("ok"), 80));

    [Fact]
    public void Draw_LastColumnTooLong_IsWrappedInItsColumn()
    {
        var lines = Drawn(ListingOf(Long), 70);

        Assert.StartsWith("fence   done    the newest complete snapshot", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("                ", lines[3].PadRight(16), StringComparison.Ordinal);
        Assert.Equal(Long, string.Join(' ', lines.Skip(2).Select((line, index) => index == 0 ? line[16..] : line.Trim())));
    }

    /// <summary>What somebody reads at three in the morning is on a small screen: every word must be there.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(44)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Draw_AnyWidth_LeavesNothingOut(int width)
    {
        var listing = new Listing("rule", "state", "override", "expected", "found");
        listing.AddRow("red.control-probe", "[red]does not pass[/]", "red.control-probe", "at most 900 s, or a named approver", Long);
        listing.AddRow("dwell", "passes", "dwell", "", "0 s");

        var lines = Drawn(listing, width);

        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        var words = string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Superset(
            $"rule red.control-probe does not pass at most 900 s, or a named approver dwell passes 0 s {Long}".Split(' ').ToHashSet(),
            words.Append("rule").ToHashSet());
    }

    [Fact]
    public void Draw_NarrowTerminal_IsAParagraphForEachRow() => Assert.Equal(
        [
            "fence",
            "  state  done",
            "  what   the newest complete",
            "         snapshot of 'files'",
        ],
        Drawn(ListingOf(Long), 30)[..4]);

    [Fact]
    public void AddRow_OtherNumberOfCells_IsRefused() =>
        Assert.StartsWith("1 cells for 2 columns", Assert.Throws<ArgumentException>(() => new Listing("a", "b").AddRow("x")).Message, StringComparison.Ordinal);

    private static Listing ListingOf(string what)
    {
        var listing = new Listing("name", "state", "what");
        listing.AddRow("fence", "done", what);
        return listing;
    }

    private static string[] Drawn(Listing listing, int width)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = width;
        console.Write(listing);
        return [.. text.ToString().Split('\n').Select(line => line.Trim('\r')).Select(line => line.TrimEnd()).Where(line => line.Length > 0)
            .Select(line => width < 40 || !line.StartsWith("  ", StringComparison.Ordinal) ? line : line[2..])];
    }
}
