using System.CommandLine;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Runs;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan show WORKLOAD</c></summary>
internal static class PlanShowCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var yaml = new Option<bool>("--yaml") { Description = "Write the plan itself, as it was applied." };
        return context.AppCommand("show", "Show where a workload stands, beside its objectives.", [workload, yaml],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var plan = await app.ReadPlanAsync(invocation.Value(workload), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(plan);
                }
                else if (invocation.Value(yaml))
                {
                    invocation.Output.Raw(plan.Yaml);
                }
                else
                {
                    Show(plan, invocation.Output);
                }

                return ExitCodes.Success;
            });
    }

    private static void Show(PlanView plan, Output output)
    {
        var held = plan.Lock is { } holder ? $"{holder.State} by run {holder.RunId}" : "free";
        output.Say($"[bold]{Output.Text(plan.Workload)}[/]  version {Output.Text(plan.Version)}, applied {Output.Time(plan.AppliedAt)}");
        output.Say($"  carried by  {(plan.Shared == true ? "both regions" : Output.Text(plan.Active))} (epoch {plan.Epoch})");
        output.Say($"  lock        {Output.Text(held)}");
        if (RunText.PauseOf(plan.Lock?.Pause) is { } paused)
        {
            output.Say($"              [yellow]{Output.Text(paused)}[/]");
        }

        output.Say($"  RPO         {Quantities.Seconds(plan.Objectives.RpoSeconds)} wanted, {Quantities.Seconds(plan.Rpo.LagSeconds)} now: {Words.Of(plan.Rpo.Verdict)}");
        output.Say($"  RTO         {Quantities.Seconds(plan.Objectives.RtoSeconds)} wanted");
        output.Say($"  newest restore point  {Output.Time(plan.Rpo.RestorePoint)}");
        foreach (var store in plan.Rpo.Stores)
        {
            output.Say($"    {(store.Store == plan.Rpo.WorstStore ? "worst: " : "")}{Output.Text(store.Detail)}");
        }
    }
}
