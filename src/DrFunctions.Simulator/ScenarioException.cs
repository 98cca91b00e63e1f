namespace DrFunctions.Simulator;

/// <summary>A scenario that cannot be simulated; <see cref="Mistakes"/> names every member that is wrong and what was expected.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Creates the exception from all mistakes found.</summary>
    public ScenarioException(IReadOnlyList<Mistake> mistakes, Exception? innerException = null)
        : base("The scenario is not valid: " + string.Join("; ", mistakes), innerException) => Mistakes = mistakes;

    /// <summary>Creates the exception from one mistake.</summary>
    public ScenarioException(string message, Exception? innerException) : this([new Mistake("", message)], innerException)
    {
    }

    /// <summary>Creates the exception from one mistake.</summary>
    public ScenarioException(string message) : this(message, null)
    {
    }

    /// <summary>Creates the exception without naming a mistake.</summary>
    public ScenarioException() : this("unknown mistake")
    {
    }

    /// <summary>Every mistake.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; }
}
