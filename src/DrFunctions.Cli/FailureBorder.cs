using Azure;
using DrFunctions.Backup;
using DrFunctions.Recovery;

namespace DrFunctions.Cli;

/// <summary>Where failures become one message and an exit code.</summary>
internal static class FailureBorder
{
    private const int NoSpace = 28; // ENOSPC

    /// <summary>Runs a command's action.</summary>
    public static async Task<int> RunAsync(
        CommandInvocation invocation, Func<CommandInvocation, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }
#pragma warning disable CA1031 // the border: whatever was not foreseen is told as a message, not as a stack trace
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return await TellAsync(invocation, failure);
        }
    }

    /// <summary>Tells a failure.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> TellAsync(CommandInvocation invocation, Exception failure)
    {
        var told = MessageOf(failure);
        invocation.Output.Fail(told);
        if (invocation.Host.Variable("DR_TRACE") is { Length: > 0 })
        {
            await invocation.Host.Error.WriteLineAsync(failure.ToString());
        }

        return ExitCodes.Of(told);
    }

    /// <summary>What a failure is called in front of people.</summary>
    public static CliException MessageOf(Exception failure) => failure switch
    {
        CliException known => known,
        RecoveryException known => new CliException(known.Code, known.Message, known.Hint, known),
        BackupException known => new CliException(known.Code, known.Message, known.Hint, known),
        IOException { HResult: NoSpace } full => new CliException("DiskFull", $"The disk is full: {full.Message}",
            "Free space or choose another directory, then repeat the command.", full),
        IOException or UnauthorizedAccessException => new CliException("Failed", failure.Message,
            "Check that the path exists and that you may use it.", failure),
        RequestFailedException { Status: 0 } or AggregateException { InnerException: RequestFailedException } =>
            new CliException("Unreachable", $"A storage account does not answer: {Innermost(failure).Message}",
                "Check the account's endpoint and the network; locally, start it with dr up.", failure),
        RequestFailedException refused => new CliException("Failed",
            $"A storage account refused with {refused.Status} {refused.ErrorCode}.",
            "Check the connection string's account and key and that the container exists.", refused),
        _ => new CliException("Unexpected", $"dr met something it did not expect: {failure.GetType().Name}: {failure.Message}",
            "Run the command again with DR_TRACE=1 and report what it prints.", failure),
    };

    private static Exception Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure;
}
