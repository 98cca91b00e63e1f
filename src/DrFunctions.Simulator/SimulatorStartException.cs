namespace DrFunctions.Simulator;

/// <summary>A listener of the simulator could not be started; the message names its purpose, address and port and says what to do.</summary>
public sealed class SimulatorStartException : Exception
{
    /// <summary>Creates the exception with a message and its cause.</summary>
    public SimulatorStartException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public SimulatorStartException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with the default message.</summary>
    public SimulatorStartException() : base("The simulator could not be started.")
    {
    }
}
