using System.Globalization;
using System.Net;
using System.Text;

namespace DrFunctions.Recovery.Evidence;

/// <summary>
/// Writes reports as one HTML page that needs nothing else: no script, no font, no picture, no link. It reads on paper, in a
/// light and in a dark window, and its policy forbids a browser to load or run anything.
/// </summary>
public static class ReportHtml
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--quiet:#57606a;--line:#d0d7de;--good:#116329;--doubt:#7d4e00;--bad:#a40e26;--bar:#218bff}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--quiet:#9198a1;--line:#3d444d;--good:#56d364;--doubt:#e3b341;--bad:#ff7b72;--bar:#58a6ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:76rem;padding:2rem 1.25rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
        h1{font-size:1.6rem;margin:0 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}p{margin:.25rem 0}
        .wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.75rem 0;font-size:.87rem;font-variant-numeric:tabular-nums}
        th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}td:last-child,p{overflow-wrap:anywhere}
        th{color:var(--quiet);font-weight:600}td:first-child{min-width:6rem}
        .good{color:var(--good);font-weight:600}.doubtful{color:var(--doubt);font-weight:600}.bad{color:var(--bad);font-weight:600}
        .track{height:.35rem;min-width:7rem;margin-top:.3rem;background:var(--line);border-radius:2px}.track div{height:100%;min-width:2px;background:var(--bar);border-radius:2px}
        @media print{:root{--ink:#000;--paper:#fff;--quiet:#444;--line:#bbb;--good:#116329;--doubt:#7d4e00;--bad:#a40e26}body{padding:0;max-width:none;font-size:11px}.wide{overflow:visible}tr{break-inside:avoid}h2{break-after:avoid}.track{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;

    /// <summary>Writes one, UTF-8 in mind; lines end with LF.</summary>
    public static string Write(ReportDocument report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Escape(report.Title)}</title>\n<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n</head>\n<body>\n<h1>{Escape(report.Title)}</h1>\n");
        foreach (var block in report.Blocks)
        {
            Append(html, block);
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder html, ReportBlock block)
    {
        switch (block)
        {
            case ReportHeading heading:
                html.Append(CultureInfo.InvariantCulture, $"<h2>{Escape(heading.Text)}</h2>\n");
                break;
            case ReportText paragraph:
                html.Append(CultureInfo.InvariantCulture, $"<p{Class(paragraph.Tone)}>{Escape(paragraph.Text)}</p>\n");
                break;
            case ReportTable table:
                html.Append(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table>\n<thead><tr>{string.Concat(table.Columns.Select(column => $"<th scope=\"col\">{Escape(column)}</th>"))}</tr></thead>\n<tbody>\n");
                foreach (var row in table.Rows)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(row.Select(Cell))}</tr>\n");
                }

                html.Append("</tbody>\n</table></div>\n");
                break;
            default:
                throw new ArgumentException($"'{block.GetType().Name}' is not a kind of block.", nameof(block));
        }
    }

    private static string Cell(ReportCell cell) => $"<td{Class(cell.Tone)}>{Escape(cell.Text)}{(cell.Bar is { } bar ? Bar(bar) : "")}</td>";

    private static string Bar(ReportBar bar) => string.Create(
        CultureInfo.InvariantCulture,
        $"<div class=\"track\"><div style=\"margin-left:{bar.From * 100:0.##}%;width:{Math.Min(bar.Length, 1 - bar.From) * 100:0.##}%\"></div></div>");

    private static string Class(ReportTone tone) => tone == ReportTone.Plain ? "" : $" class=\"{ReportWords.Of(tone)}\"";

    private static string Escape(string text) => WebUtility.HtmlEncode(ReportWords.OneLine(text));
}
