using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan check FILE</c></summary>
internal static class PlanCheckCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A plan, YAML." };
        return context.Command("check", "Check a plan and tell every mistake with line and column; changes nothing.", [file],
            async (invocation, cancellationToken) =>
            {
                var plan = await PlanFile.ReadAsync(invocation.Value(file), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { workload = plan.Plan.Workload, valid = true });
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(plan.Path)}: the plan of {Output.Text(plan.Plan.Workload)} is valid.");
                }

                return ExitCodes.Success;
            });
    }
}
