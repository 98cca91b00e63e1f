using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan apply FILE</c></summary>
internal static class PlanApplyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A plan, YAML." };
        return context.AppCommand("apply", "Check a plan and make it the workload's current one.", [file],
            async (invocation, cancellationToken) =>
            {
                var plan = await PlanFile.ReadAsync(invocation.Value(file), cancellationToken);
                using var app = invocation.OpenApp();
                var applied = await app.ApplyPlanAsync(plan.Plan.Workload, plan.Yaml, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(applied);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(applied.Workload)} follows version {Output.Text(applied.Version)}.");
                }

                return ExitCodes.Success;
            });
    }
}
