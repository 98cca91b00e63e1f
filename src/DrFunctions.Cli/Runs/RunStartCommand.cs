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
        var mode = Mode();
        var watch = new Option<bool>("--watch") { Description = "Follow the run to its end." };
        return context.AppCommand("start", "Start a runbook now.", [workload, runbook, mode, reason, watch],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var started = await app.StartRunAsync(
                    invocation.Value(workload),
                    invocation.Value(runbook),
                    new RunStart(invocation.Value(mode), invocation.Value(reason)),
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

    /// <summary>Creates <c>--mode</c>.</summary>
    public static Option<string> Mode()
    {
        var mode = new Option<string>("--mode")
        {
            Description = "unplanned: the primary is lost. planned: decided while all is well. drill: what users use is only checked, and all is undone.",
            DefaultValueFactory = _ => "unplanned",
        };
        mode.AcceptOnlyFromAmong("unplanned", "planned", "drill");
        return mode;
    }
}
