namespace DrFunctions.Recovery.Evidence;

/// <summary>A report before it is written: what it says, whatever it is written as. Its texts are not escaped.</summary>
/// <param name="Title">One line.</param>
/// <param name="Blocks">In order.</param>
public sealed record ReportDocument(string Title, IReadOnlyList<ReportBlock> Blocks);

/// <summary>A part of a report.</summary>
public abstract record ReportBlock;

/// <summary>Begins a section.</summary>
/// <param name="Text">One line.</param>
public sealed record ReportHeading(string Text) : ReportBlock;

/// <summary>A paragraph.</summary>
/// <param name="Text">One line.</param>
/// <param name="Tone">How it weighs.</param>
public sealed record ReportText(string Text, ReportTone Tone = ReportTone.Plain) : ReportBlock;

/// <summary>A table.</summary>
/// <param name="Columns">The heads.</param>
/// <param name="Rows">As many cells each.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<ReportCell>> Rows) : ReportBlock;

/// <summary>A cell of a table.</summary>
/// <param name="Text">One line.</param>
/// <param name="Tone">How it weighs.</param>
/// <param name="Bar">Where it lies in the run's time; null for no place.</param>
public sealed record ReportCell(string Text, ReportTone Tone = ReportTone.Plain, ReportBar? Bar = null);

/// <summary>A stretch of the run's time.</summary>
/// <param name="From">Share of the run's time before it, 0 to 1.</param>
/// <param name="Length">Share of the run's time that it takes, 0 to 1.</param>
public sealed record ReportBar(double From, double Length);

/// <summary>How something weighs. Unknown is never shown as good.</summary>
public enum ReportTone
{
    /// <summary>Says nothing about it.</summary>
    Plain,

    /// <summary>As wanted.</summary>
    Good,

    /// <summary>Not known, or close to its limit.</summary>
    Doubtful,

    /// <summary>Not as wanted.</summary>
    Bad,
}
