namespace DrFunctions.Simulator.Faults;

/// <summary>Faults that cannot be scripted; <see cref="Mistakes"/> names every member that is wrong and what was expected.</summary>
/// <remarks>An <see cref="ArgumentException"/>, since the caller gave them.</remarks>
public sealed class FaultException : ArgumentException
{
    /// <summary>Creates the exception from all mistakes found.</summary>
    public FaultException(IReadOnlyList<Mistake> mistakes, Exception? innerException = null)
        : base("The faults are not valid: " + string.Join("; ", mistakes), innerException) => Mistakes = mistakes;

    /// <summary>Creates the exception from one mistake.</summary>
    public FaultException(string message, Exception? innerException) : this([new Mistake("", message)], innerException)
    {
    }

    /// <summary>Creates the exception from one mistake.</summary>
    public FaultException(string message) : this(message, null)
    {
    }

    /// <summary>Creates the exception without naming a mistake.</summary>
    public FaultException() : this("unknown mistake")
    {
    }

    /// <summary>Every mistake.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; }
}
