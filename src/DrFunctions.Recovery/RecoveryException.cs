namespace DrFunctions.Recovery;

/// <summary>An operational failure: something outside did not do what was asked of it.</summary>
/// <param name="code">Stable, for programs; decisions are made on it, never on the type or the text.</param>
/// <param name="message">The resource, what was expected and what was found. Never a secret.</param>
/// <param name="isTransient">True when the same call may succeed later.</param>
/// <param name="hint">What the operator does next.</param>
/// <param name="innerException">The cause.</param>
public class RecoveryException(string code, string message, bool isTransient, string hint, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>What the operator does next.</summary>
    public string Hint { get; } = hint;

    /// <summary>How long the service wants to be left alone before the call is repeated; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
