namespace Microsoft.Azure.Functions.Worker;

/// <summary>A failure of the worker.</summary>
public class FunctionWorkerException : Exception
{
    /// <summary>A failure of the worker.</summary>
    /// <param name="message">What failed.</param>
    public FunctionWorkerException(string message)
        : base(message)
    {
    }

    /// <summary>A failure of the worker.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">Why.</param>
    public FunctionWorkerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A value that does not convert to a parameter's type.</summary>
public class FunctionInputConverterException : FunctionWorkerException
{
    /// <summary>A value that does not convert to a parameter's type.</summary>
    /// <param name="message">What does not convert.</param>
    public FunctionInputConverterException(string message)
        : base(message)
    {
    }

    /// <summary>A value that does not convert to a parameter's type.</summary>
    /// <param name="message">What does not convert.</param>
    /// <param name="innerException">Why.</param>
    public FunctionInputConverterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
