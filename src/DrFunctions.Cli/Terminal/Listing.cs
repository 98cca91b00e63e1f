using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrFunctions.Cli.Terminal;

/// <summary>
/// Rows that people read. A table where the terminal is wide enough for it; where it is not, each row is a paragraph: nothing is ever left out.
/// </summary>
/// <param name="columns">The columns' names; the first names the row, the last may be wrapped.</param>
internal sealed class Listing(params string[] columns) : Renderable
{
    // The least that a wrapped column is still read in.
    private const int NarrowestLast = 36;

    // Spectre's simple border: two before the first column, three between two.
    private const int Between = 3;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row, in Spectre markup; escape what is not yours with <see cref="Output.Text"/>.</summary>
    /// <exception cref="ArgumentException">It has not as many cells as there are columns.</exception>
    public void AddRow(params string[] cells) =>
        _rows.Add(cells.Length == columns.Length ? cells : throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns", nameof(cells)));

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => Fitting(maxWidth).Render(options, maxWidth);

    private IRenderable Fitting(int width)
    {
        var widths = columns.Select((name, index) => _rows.Select(row => Markup.Remove(row[index]).Length).Append(name.Length).Max()).ToArray();
        var fixedWidth = widths.SkipLast(1).Sum() + (Between * columns.Length);
        return fixedWidth + Math.Min(widths[^1], NarrowestLast) <= width ? DrawTable() : new Rows(_rows.Select(DrawParagraph));
    }

    private Table DrawTable()
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Output.Text(column)) { NoWrap = column != columns[^1] });
        }

        foreach (var row in _rows)
        {
            table.AddRow(row);
        }

        return table;
    }

    private Rows DrawParagraph(string[] row)
    {
        var label = columns.Skip(1).Max(name => name.Length) + 2;
        var lines = new List<IRenderable> { new Markup($"[bold]{row[0]}[/]") };
        for (var index = 1; index < columns.Length; index++)
        {
            if (row[index].Length > 0)
            {
                lines.Add(Labelled.Draw(columns[index], label, new Markup(row[index])));
            }
        }

        return new Rows(lines);
    }
}
