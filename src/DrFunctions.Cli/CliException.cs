namespace DrFunctions.Cli;

/// <summary>A failure that is told to the person as one message and what to do next, never as a stack trace.</summary>
/// <param name="code">Stable, for programs; <see cref="ExitCodes"/> maps it to the exit code.</param>
/// <param name="message">What was asked, of what, and what was found. Never a secret.</param>
/// <param name="hint">What the person does next.</param>
/// <param name="innerException">The cause.</param>
internal sealed class CliException(string code, string message, string hint, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>What the person does next.</summary>
    public string Hint { get; } = hint;

    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Single findings below the message, such as a plan's mistakes.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
