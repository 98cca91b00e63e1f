using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan list</c></summary>
internal static class PlanListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context) =>
        context.AppCommand("list", "List the workloads that have a plan.", [], async (invocation, cancellationToken) =>
        {
            using var app = invocation.OpenApp();
            var list = await app.ListPlansAsync(cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(list);
                return ExitCodes.Success;
            }

            if (list.Plans.Count == 0)
            {
                invocation.Output.Say("No plan yet; apply one with dr plan apply FILE.");
                return ExitCodes.Success;
            }

            var table = new Listing("workload", "version");
            foreach (var plan in list.Plans)
            {
                table.AddRow(Output.Text(plan.Workload), Output.Text(plan.Version));
            }

            invocation.Output.Say(table);
            return ExitCodes.Success;
        });
}
