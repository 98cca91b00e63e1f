namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>The app cannot start; the message lists every mistake found, one a line.</summary>
public sealed class StartupException : Exception
{
    internal StartupException(IReadOnlyList<string> problems, Exception? innerException = null)
        : base(Describe(problems), innerException)
    {
        Problems = problems;
    }

    /// <summary>Every mistake found: where it is, what was found, what was expected.</summary>
    public IReadOnlyList<string> Problems { get; }

    private static string Describe(IReadOnlyList<string> problems) => problems.Count == 1
        ? $"The function app cannot start: {problems[0]}"
        : $"The function app cannot start, {problems.Count} problems:{Environment.NewLine}"
            + string.Join(Environment.NewLine, problems.Select(problem => "  - " + problem));
}
