using System.CommandLine;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Incidents;
using Spectre.Console;
using Rule = DrFunctions.Recovery.Incidents.Rule;

namespace DrFunctions.Cli.Incidents;

/// <summary><c>dr verdict WORKLOAD</c></summary>
internal static class VerdictCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        return context.AppCommand("verdict", "Say what would happen if an alert came now, rule by rule. Changes nothing.", [workload],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var verdict = await app.ReadVerdictAsync(invocation.Value(workload), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(verdict);
                    return ExitCodes.Success;
                }

                invocation.Output.Say($"{Headline(verdict)} (plan {Output.Text(verdict.PlanVersion)}, runbook {Output.Text(verdict.Runbook)})");
                var label = verdict.Rules.Max(rule => rule.Name.Length) + 3;
                foreach (var rule in verdict.Rules)
                {
                    invocation.Output.Say(Labelled.Draw(rule.Name, label, new Markup($"{Mark(rule)} {Output.Text(rule.Found)}{What(rule)}")));
                }

                StandingText.Write(invocation.Output, verdict.Standing);

                return ExitCodes.Success;
            });
    }

    private static string Headline(VerdictPreview verdict) => verdict.Decision switch
    {
        Decision.Start => "[green]start[/]: an alert now would start a run once its conditions have held for the dwell",
        Decision.Blocked => "[red]blocked[/]: an alert now would start nothing",
        _ => "[yellow]wait[/]: an alert now would wait",
    };

    private static string Mark(Rule rule) => rule.OverriddenBy is not null ? "[yellow]![/]" : rule.Passed ? "[green]✓[/]" : "[red]✗[/]";

    private static string What(Rule rule) => rule.OverriddenBy is { } by ? $"; [yellow]overridden by {Output.Text(by)}[/], expected {Output.Text(rule.Expected)}"
        : rule.Passed ? ""
        : $"; expected {Output.Text(rule.Expected)} ({(rule.Override is { } name ? $"override: {Output.Text(name)}" : "cannot be overridden")})";
}
