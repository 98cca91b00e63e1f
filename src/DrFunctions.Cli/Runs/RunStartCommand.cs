using System.CommandLine;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run start WORKLOAD RUNBOOK</c></summary>
internal static class RunStartCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var runbook = new Argument<string>("RUNBOOK") { Description = "A runbook of its plan, such as failover." };
        var reason = new Option<string>("--reason")
        {
            Description = "Why; stands in the evidence.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "started by hand",
        };
        var watch = new Option<bool>("--watch") { Description = "Follow the run to its end." };
        return context.AppCommand("start", "Start a runbook now, unplanned.", [workload, runbook, reason, watch],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var started = await app.StartRunAsync(
                    invocation.Value(workload),
                    invocation.Value(runbook),
                    new RunStart("unplanned", invocation.Value(reason)),
                    cancellationToken);
                if (invocation.Value(watch))
                {
                    return await RunWatchCommand.WatchAsync(app, started.RunId, invocation, cancellationToken);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(started);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] run {Output.Text(started.RunId)} started; follow it with: dr run watch {Output.Text(started.RunId)}");
                }

                return ExitCodes.Success;
            });
    }
}
