namespace DrFunctions.Recovery.Steps;

/// <summary>Whether a step could be carried out as things are; found without any effect.</summary>
/// <param name="Code">Stable code of what stands in the way; null when nothing does.</param>
/// <param name="Message">What was found, and what was expected.</param>
/// <param name="Hint">What the operator does about it; null when nothing stands in the way.</param>
public sealed record StepCheck(string? Code, string Message, string? Hint)
{
    /// <summary>True when nothing stands in the way.</summary>
    public bool IsOk => Code is null;

    /// <summary>Nothing stands in the way.</summary>
    public static StepCheck Ok(string message) => new(null, message, null);

    /// <summary>The step would fail.</summary>
    public static StepCheck Failed(string code, string message, string hint) => new(code, message, hint);
}
