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
}
