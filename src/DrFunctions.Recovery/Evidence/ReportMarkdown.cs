using System.Text;

namespace DrFunctions.Recovery.Evidence;

/// <summary>Writes reports as Markdown. Texts come from people and alerts: none of them breaks a table or becomes markup.</summary>
public static class ReportMarkdown
{
    /// <summary>Writes one; lines end with LF.</summary>
    public static string Write(ReportDocument report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        Line(text, $"# {Escape(report.Title)}");
        foreach (var block in report.Blocks)
        {
            Line(text, "");
            switch (block)
            {
                case ReportHeading heading:
                    Line(text, $"## {Escape(heading.Text)}");
                    break;
                case ReportText paragraph:
                    Line(text, Paragraph(paragraph.Text));
                    break;
                case ReportTable table:
                    Line(text, $"| {string.Join(" | ", table.Columns.Select(Escape))} |");
                    Line(text, $"|{string.Concat(Enumerable.Repeat("---|", table.Columns.Count))}");
                    foreach (var row in table.Rows)
                    {
                        Line(text, $"| {string.Join(" | ", row.Select(cell => Escape(cell.Text)))} |");
                    }

                    break;
                default:
                    throw new ArgumentException($"'{block.GetType().Name}' is not a kind of block.", nameof(report));
            }
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    // A paragraph that begins like a heading, a list, a quotation or a fence would be one.
    private static string Paragraph(string text)
    {
        var line = Escape(text).TrimStart();
        return line.Length > 0 && (char.IsAsciiDigit(line[0]) || !char.IsLetterOrDigit(line[0])) && line[0] is not ('\\' or '&') ? $"&#8203;{line}" : line;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in ReportWords.OneLine(text))
        {
            _ = letter switch
            {
                '<' => escaped.Append("&lt;"),
                '&' => escaped.Append("&amp;"),
                '\\' or '|' or '`' or '[' or ']' or '*' or '_' or '~' => escaped.Append('\\').Append(letter),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }
}
