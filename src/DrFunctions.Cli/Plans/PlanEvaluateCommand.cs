using System.CommandLine;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan evaluate WORKLOAD</c></summary>
internal static class PlanEvaluateCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var last = new Option<bool>("--last") { Description = "Show the last evaluation instead of looking anew." };
        return context.AppCommand(
            "evaluate",
            "Hold a plan against the world: resources, permissions, Traffic Manager, backups, drills. Changes nothing; fails when a finding is an error.",
            [workload, last],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var name = invocation.Value(workload);
                var evaluation = invocation.Value(last)
                    ? await app.ReadEvaluationAsync(name, cancellationToken)
                    : await app.EvaluatePlanAsync(name, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(evaluation);
                }
                else
                {
                    Show(invocation.Output, evaluation);
                }

                return evaluation.Verdict == EvaluationVerdict.ActionRequired ? ExitCodes.Failed : ExitCodes.Success;
            });
    }

    private static void Show(Output output, PlanEvaluation evaluation)
    {
        output.Say($"{Output.Text(evaluation.Workload)} {Output.Text(evaluation.PlanVersion)}, {Output.Time(evaluation.EvaluatedAt)}: {Words.Of(evaluation.Verdict)}");
        foreach (var finding in evaluation.Findings)
        {
            output.Say($"{Colour(finding.Severity)} {Output.Text(finding.Code)} {Output.Text(finding.Resource)}");
            output.Say($"  found    {Output.Text(finding.Found)}");
            output.Say($"  expected {Output.Text(finding.Expected)}");
            output.Say($"  next     {Output.Text(finding.Hint)}");
        }
    }

    private static string Colour(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "[red]error[/]",
        FindingSeverity.Unknown => "[yellow]unknown[/]",
        _ => "[yellow]warning[/]",
    };
}
