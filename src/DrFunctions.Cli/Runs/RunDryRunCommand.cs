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
        var label = preview.Steps.Max(step => step.Name.Length) + 3;
        foreach (var step in preview.Steps)
        {
            var check = step.Precheck.IsOk ? $"[green]✓[/] {Output.Text(step.Precheck.Message)}" : $"[red]✗[/] {Output.Text($"{step.Precheck.Code}: {step.Precheck.Message}")}";
            var hint = step.Precheck.IsOk || string.IsNullOrEmpty(step.Precheck.Hint) ? [] : new[] { new Markup($"[yellow]next:[/] {Output.Text(step.Precheck.Hint)}") };
            output.Say(Labelled.Draw(step.Name, label, new Rows([
                new Markup(Output.Text(step.ChecksOnly ? $"only its precheck, not: {step.Does}" : step.Does)),
                new Markup(check),
                .. hint,
                new Markup($"about {Quantities.Duration(TimeSpan.FromSeconds(step.EstimateSeconds))}{Undo(step)}"),
            ])));
        }

        output.Say($"  about {Quantities.Duration(TimeSpan.FromSeconds(preview.EstimateSeconds))} when all is well; nothing was changed");
    }

    private static string Undo(StepPreviewView step) => step.IsPointOfNoReturn ? ", [yellow]the point of no return[/]"
        : step.Effect == StepEffect.Irreversible ? ", [yellow]cannot be undone[/]"
        : step.Effect == StepEffect.Reversible ? ", can be undone"
        : "";
}
