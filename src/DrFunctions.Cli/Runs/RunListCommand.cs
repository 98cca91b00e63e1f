using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run list WORKLOAD</c></summary>
internal static class RunListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        return context.AppCommand("list", "List a workload's runs, newest first.", [workload], async (invocation, cancellationToken) =>
        {
            using var app = invocation.OpenApp();
            var list = await app.ListRunsAsync(invocation.Value(workload), cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(list);
                return ExitCodes.Success;
            }

            if (list.Runs.Count == 0)
            {
                invocation.Output.Say("No runs yet.");
                return ExitCodes.Success;
            }

            var table = new Listing("run", "runbook", "state", "started", "RTO", "RPO", "by");
            foreach (var run in list.Runs)
            {
                table.AddRow(
                    Output.Text(run.RunId), Output.Text(run.Runbook), Words.Of(run.State), Output.Time(run.StartedAt),
                    Quantities.Seconds(run.Attained.RtoSeconds), Quantities.Seconds(run.Attained.RpoSeconds), Output.Text(run.StartedBy));
            }

            invocation.Output.Say(table);
            return ExitCodes.Success;
        });
    }
}
