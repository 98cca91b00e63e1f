using System.CommandLine;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run cancel RUN</c></summary>
internal static class RunCancelCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("RUN") { Description = "A run's id." };
        var reason = new Option<string>("--reason")
        {
            Description = "Why; stands in the evidence.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "cancelled by hand",
        };
        return context.AppCommand("cancel", "Ask a run to stop; it does between two steps.", [id, reason],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var runId = invocation.Value(id);
                await app.CancelRunAsync(runId, new RunCancel(invocation.Value(reason)), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { runId, cancelRequested = true });
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] asked; the run stops between two steps. See: dr run watch {Output.Text(runId)}");
                }

                return ExitCodes.Success;
            });
    }
}
