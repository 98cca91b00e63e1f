using System.Globalization;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Objectives.Advice;
using DrFunctions.Recovery.Objectives.Strategies;

namespace DrFunctions.Cli.Plans;

/// <summary>Advice as people read it.</summary>
internal static class AdviceText
{
    /// <summary>Writes it.</summary>
    public static void Show(PlanAdvice advice, Output output)
    {
        var reach = advice.Advised.Reach;
        output.Say($"[bold]{Output.Text(advice.Workload)}[/]  RPO {SpanText.Of(advice.Objectives.Rpo)}, RTO {SpanText.Of(advice.Objectives.Rto)}");
        output.Say($"  asks for  {StrategyNames.Of(reach.Strategy)} (cost: {Cost(reach.Cost)})");
        foreach (var reason in advice.Advised.Reasons)
        {
            output.Say($"    not {Output.Text(reason)}");
        }

        output.Say($"  declares  {StrategyNames.Of(advice.Declared)}");
        foreach (var runbook in advice.Runbooks)
        {
            var unknown = runbook.Unknown.Count == 0 ? "" : $", with {runbook.Unknown.Count} steps that were not measured at what their kinds usually take";
            output.Say($"  {Output.Text(runbook.Name)} takes  {SpanText.Of(runbook.Expected)}{unknown}");
        }

        ShowCosts(advice, output);
        foreach (var finding in advice.Findings)
        {
            output.Say($"{Word(finding.Kind)} {finding.Code}  {Output.Text(finding.Path)}");
            output.Say($"  {Output.Text(finding.Message)}");
            output.Say($"  [dim]{Output.Text(finding.Hint)}[/]");
        }

        if (advice.Findings.Count == 0)
        {
            output.Say("[green]✓[/] nothing falls short.");
        }
    }

    private static void ShowCosts(PlanAdvice advice, Output output)
    {
        if (advice.Costs.Count == 0)
        {
            return;
        }

        var table = new Listing("strategy", "expected loss a year", "costs a year", "together");
        foreach (var cost in advice.Costs)
        {
            table.AddRow(StrategyNames.Of(cost.Strategy), Amount(cost.ExpectedLossPerYear), Amount(cost.StandbyPerYear), Amount(cost.TotalPerYear));
        }

        output.Say(table);
    }

    private static string Amount(decimal? amount) => amount?.ToString("#,0.##", CultureInfo.InvariantCulture) ?? "unknown";

    private static string Cost(CostClass cost) => cost switch
    {
        CostClass.Storage => "storage of backups",
        CostClass.Minimal => "storage, and templates kept ready",
        CostClass.Reduced => "a stopped or small second deployment",
        CostClass.Full => "a second deployment at full size",
        _ => "two deployments at full size, and data that both write",
    };

    private static string Word(AdviceKind kind) => kind switch
    {
        AdviceKind.FallsShort => "[red]falls short[/]",
        AdviceKind.Unknown => "[yellow]unknown[/]",
        _ => "note",
    };
}
