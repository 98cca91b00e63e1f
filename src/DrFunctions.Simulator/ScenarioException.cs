namespace DrFunctions.Simulator;

/// <summary>A scenario that cannot be simulated; <see cref="Errors"/> names every member that is wrong and what was expected.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Creates the exception from all mistakes found.</summary>
    public ScenarioException(IReadOnlyList<string> errors, Exception? innerException = null)
        : base("The scenario is not valid: " + string.Join("; ", errors), innerException) => Errors = errors;

    /// <summary>Creates the exception from one mistake.</summary>
    public ScenarioException(string message, Exception? innerException) : this([message], innerException)
    {
    }

    /// <summary>Creates the exception from one mistake.</summary>
    public ScenarioException(string message) : this([message])
    {
    }

    /// <summary>Creates the exception without naming a mistake.</summary>
    public ScenarioException() : this(["unknown mistake"])
    {
    }

    /// <summary>Every mistake, each starting with the member it is about, such as <c>sites[1].region</c>.</summary>
    public IReadOnlyList<string> Errors { get; }
}
