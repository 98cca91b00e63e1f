namespace DrFunctions.Backup;

/// <summary>A backup, copy, check or restore could not do what was asked of it.</summary>
/// <param name="code">One of <see cref="BackupErrors"/>; decisions are made on it, never on the type or the text.</param>
/// <param name="message">The resource, what was expected and what was found. Never a secret.</param>
/// <param name="isTransient">True when the same call may succeed later.</param>
/// <param name="hint">What the operator does next.</param>
/// <param name="innerException">The cause.</param>
public sealed class BackupException(string code, string message, bool isTransient, string hint, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>One of <see cref="BackupErrors"/>.</summary>
    public string Code { get; } = code;

    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>What the operator does next.</summary>
    public string Hint { get; } = hint;
}
