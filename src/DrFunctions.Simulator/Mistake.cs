namespace DrFunctions.Simulator;

/// <summary>One thing that is wrong with a scenario or a fault script.</summary>
/// <param name="Path">The member, such as <c>sites[1].region</c>; empty when the whole is meant.</param>
/// <param name="Message">What was expected and what was found. Never a secret.</param>
public sealed record Mistake(string Path, string Message)
{
    /// <summary>The line in the file, from 1; null when there is no file.</summary>
    public int? Line { get; init; }

    /// <summary>The column in that line, from 1; null when there is no file.</summary>
    public int? Column { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var at = Line is { } line ? FormattableString.Invariant($"{line}:{Column} ") : "";
        return Path.Length == 0 ? at + Message : $"{at}{Path}: {Message}";
    }
}
