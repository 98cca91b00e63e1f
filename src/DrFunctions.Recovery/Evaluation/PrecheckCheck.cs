using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Evaluation;

/// <summary>Lets every step of every runbook look, without effect, whether it could be carried out as things are.</summary>
public sealed class PrecheckCheck(IEnumerable<StepRunner> runners) : IPlanCheck
{
    private readonly Dictionary<Type, StepRunner> _runners = runners.ToDictionary(runner => runner.StepType);

    /// <inheritdoc/>
    public string Subject => "the prechecks of the steps";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var findings = new List<Finding>();
        foreach (var runbook in plan.Plan.Runbooks.Values.OrderBy(runbook => runbook.Name, StringComparer.Ordinal))
        {
            for (var index = 0; index < runbook.Steps.Count; index++)
            {
                if (await LookAsync(plan, runbook, index, cancellationToken) is { } finding)
                {
                    findings.Add(finding);
                }
            }
        }

        return findings;
    }

    private async Task<Finding?> LookAsync(EvaluatedPlan plan, Runbook runbook, int index, CancellationToken cancellationToken)
    {
        var step = runbook.Steps[index];
        var place = $"runbooks.{runbook.Name}.{step.Name}";
        var run = new RunRequest(
            $"{plan.Plan.Workload}-evaluation", plan.Plan.Workload, runbook.Name, RunMode.Unplanned, plan.Version, CallerIdentity.System("evaluation"), "evaluation", plan.Now, null);
        var context = new StepContext(plan.Plan, run, plan.State.Epoch, step, new Dictionary<string, string>())
        {
            Index = index,
            BegunAt = plan.Now,
            EnsureCurrentAsync = _ => throw new InvalidOperationException($"The precheck of '{place}' wanted to change something."),
        };
        try
        {
            var check = await _runners[step.GetType()].PrecheckAsync(context, cancellationToken);
            return check.IsOk
                ? null
                : new Finding($"DR-STEP-{check.Code}", FindingSeverity.Error, place, check.Message, "a step that could be carried out", check.Hint ?? "");
        }
        catch (RecoveryException failure)
        {
            return new Finding(
                FindingCodes.NotSeen, FindingSeverity.Unknown, place, $"could not look: {failure.Message}", "an answer", failure.Hint);
        }
    }
}
