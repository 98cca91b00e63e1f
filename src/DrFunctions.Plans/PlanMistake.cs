namespace DrFunctions.Plans;

/// <summary>One thing that is wrong in a plan, and where.</summary>
/// <param name="Line">Line in the text, from 1.</param>
/// <param name="Column">Column in that line, from 1.</param>
/// <param name="Path">The field, such as <c>runbooks.failover[1].restore.store</c>; empty when the whole document is meant.</param>
/// <param name="Message">The field, the value that was found and what was expected. Never a secret.</param>
public sealed record PlanMistake(int Line, int Column, string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Path.Length == 0 ? $"{Line}:{Column} {Message}" : $"{Line}:{Column} {Path}: {Message}";
}
