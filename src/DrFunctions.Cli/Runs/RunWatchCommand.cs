using System.CommandLine;
using DrFunctions.Cli.Api;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run watch RUN</c></summary>
internal static class RunWatchCommand
{
    // Longer than any runbook's own timeouts: watching ends with the run or by Ctrl+C.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string>("RUN") { Description = "A run's id." };
        return context.AppCommand("watch", "Follow a run to its end; Ctrl+C stops watching, not the run.", [run],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                await app.ReadRunAsync(invocation.Value(run), cancellationToken); // an app that does not answer at first is an error
                return await WatchAsync(app, invocation.Value(run), invocation, cancellationToken);
            });
    }

    /// <summary>Follows a run and answers with its outcome.</summary>
    public static async Task<int> WatchAsync(DrClient app, string runId, CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var ended = await new RunFollower(app, invocation.Output, invocation.Time).FollowAsync(runId, Patience, cancellationToken);
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(ended);
            return RunText.FailureOf(ended) is null ? ExitCodes.Success : ExitCodes.RunFailed;
        }

        RunText.ShowAttained(ended, invocation.Output);
        return RunText.FailureOf(ended) is { } failure ? throw failure : ExitCodes.Success;
    }
}
