using System.CommandLine;
using DrFunctions.Cli.Api;
using DrFunctions.Plans;
using DrFunctions.Recovery.Objectives.Advice;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan advise FILE|WORKLOAD</c></summary>
internal static class PlanAdviseCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var target = new Argument<string>("FILE|WORKLOAD")
        {
            Description = "A plan, YAML; or the name of a workload whose plan is applied, with what was measured of it.",
        };
        return context.AppCommand("advise", "Say which strategy a plan's objectives ask for and where the plan falls short; changes nothing.", [target],
            async (invocation, cancellationToken) =>
            {
                var name = invocation.Value(target);
                var advice = File.Exists(name) || !IsWorkload(name)
                    ? Advise((await PlanFile.ReadAsync(name, cancellationToken)).Plan, [], [])
                    : await OfAppliedAsync(invocation, name, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(AdviceView.Of(advice));
                }
                else
                {
                    AdviceText.Show(advice, invocation.Output);
                }

                return ExitCodes.Success;
            });
    }

    private static bool IsWorkload(string name) => name.Length <= 40 && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static async Task<PlanAdvice> OfAppliedAsync(CommandInvocation invocation, string workload, CancellationToken cancellationToken)
    {
        using var app = invocation.OpenApp();
        var applied = await app.ReadPlanAsync(workload, cancellationToken);
        if (PlanReader.ReadApplied(applied.Yaml).Plan is not { } plan)
        {
            throw new CliException("PlanInvalid", $"The applied plan of {workload} cannot be read by this version of dr.",
                $"Use the dr of the app's version, or check it: dr plan show {workload} --yaml > plan.yaml; dr plan check plan.yaml");
        }

        var runs = await app.ListRunsAsync(workload, cancellationToken);
        var backups = await app.ListBackupsAsync(workload, cancellationToken);
        return Advise(plan, runs.Runs, backups.Backups);
    }

    private static PlanAdvice Advise(WorkloadPlan plan, IReadOnlyList<RunView> runs, IReadOnlyList<BackupView> backups) =>
        PlanAdvisor.Advise(plan, AdviceFacts.Of(plan, runs, backups));
}
