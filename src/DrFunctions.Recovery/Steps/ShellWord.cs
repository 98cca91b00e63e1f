namespace DrFunctions.Recovery.Steps;

/// <summary>Arguments of a POSIX shell.</summary>
public static class ShellWord
{
    /// <summary>The text as one word, in single quotes, so that nothing in it means anything to the shell.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>The text as a comment to end a command with: on one line, because a comment ends with its line.</summary>
    public static string Comment(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return $"# {string.Concat(text.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character))}";
    }
}
