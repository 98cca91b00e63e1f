using System.CommandLine;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using Spectre.Console;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run dry-run WORKLOAD RUNBOOK</c></summary>
internal static class RunDryRunCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var runbook = new Argument<string>("RUNBOOK") { Description = "A runbook of its plan, such as failover." };
        var mode = RunStartCommand.Mode();
        return context.AppCommand("dry-run", "Show what a run would do, with every step's precheck; changes nothing.", [workload, runbook, mode],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var preview = await app.PreviewRunAsync(
                    invocation.Value(workload), invocation.Value(runbook), new Api.RunStart(invocation.Value(mode), "dry run"), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(preview);
                }
                else
                {
                    Show(preview, invocation.Output);
                }

                return ExitCodes.Success;
            });
    }

    private static void Show(RunPreviewView preview, Output output)
    {
        output.Say($"[bold]{Output.Text(preview.Runbook)} of {Output.Text(preview.Workload)}[/], {preview.Mode.ToString().ToLowerInvariant()}, plan {Output.Text(preview.PlanVersion)}: {Output.Text(preview.Start)}");
        var table = Output.TableOf("step", "does", "undo", "about", "precheck");
        foreach (var step in preview.Steps)
        {
            table.AddRow(
                Output.Text(step.Name),
                Output.Text(step.ChecksOnly ? $"only its precheck, not: {step.Does}" : step.Does),
                step.IsPointOfNoReturn ? "[yellow]point of no return[/]" : step.Effect == StepEffect.Irreversible ? "[yellow]no[/]" : step.Effect == StepEffect.Reversible ? "yes" : "-",
                Quantities.Duration(TimeSpan.FromSeconds(step.EstimateSeconds)),
                step.Precheck.IsOk ? $"[green]✓[/] {Output.Text(step.Precheck.Message)}" : $"[red]✗[/] {Output.Text($"{step.Precheck.Code}: {step.Precheck.Message}")}");
        }

        output.Say(table);
        output.Say($"  about {Quantities.Duration(TimeSpan.FromSeconds(preview.EstimateSeconds))} when all is well; nothing was changed");
    }
}
