namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>How a process that cannot start ends: one message, no stack trace, a non-zero exit code.</summary>
internal static class StartupFailure
{
    public const int ExitCode = 1;

    /// <summary>Says why and sets the exit code.</summary>
    public static void Tell(StartupException exception)
    {
        Console.Error.WriteLine(exception.Message);
        Environment.ExitCode = ExitCode;
    }
}
