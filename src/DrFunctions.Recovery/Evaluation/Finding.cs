namespace DrFunctions.Recovery.Evaluation;

/// <summary>Something about a plan or its resources that would hurt in a failover, or that could not be seen.</summary>
/// <param name="Code">Stable, such as <c>DR-TM-011</c>; see <see cref="FindingCatalog"/> and docs/findings.md.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Resource">What it is about: a resource id, or a part of the plan such as <c>runbooks.failover</c>.</param>
/// <param name="Found">What was found, in words.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Hint">What to do.</param>
public sealed record Finding(string Code, FindingSeverity Severity, string Resource, string Found, string Expected, string Hint);

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Worth a look: the failover works, and worse than it could.</summary>
    Warning,

    /// <summary>It could not be seen whether all is well. Never counts as good.</summary>
    Unknown,

    /// <summary>The failover would fail, or users would not be where the plan says.</summary>
    Error,
}
