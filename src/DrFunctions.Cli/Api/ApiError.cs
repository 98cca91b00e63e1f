namespace DrFunctions.Cli.Api;

/// <summary>The app's error body.</summary>
internal sealed record ApiErrorBody(ApiError? Error = null);

/// <summary>What the app refused, and why.</summary>
internal sealed record ApiError(
    string Code, string Message, string? Hint = null, IReadOnlyList<ApiErrorDetail>? Details = null, string? ActiveRunId = null);

/// <summary>One mistake in what was sent.</summary>
internal sealed record ApiErrorDetail(string Message, int? Line = null, int? Column = null, string? Path = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (Line is null ? "" : $"{Line}:{Column} ") + (string.IsNullOrEmpty(Path) ? "" : $"{Path}: ") + Message;
}
