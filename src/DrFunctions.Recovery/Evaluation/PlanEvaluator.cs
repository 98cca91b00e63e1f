using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Evaluation;

/// <summary>Holds a plan against the world, by all checks, and keeps what came of it.</summary>
public sealed class PlanEvaluator(
    IEnumerable<IPlanCheck> checks, IPlanSource plans, WorkloadStates states, EvaluationLog log, TimeProvider time)
{
    /// <summary>How old an evaluation may become.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a plan is to be evaluated: never was, was changed since, or long ago. Pure.</summary>
    public static bool IsDue(PlanEvaluation? last, string version, DateTimeOffset now) =>
        last is null || last.PlanVersion != version || now - last.EvaluatedAt >= Interval || last.EvaluatedAt > now + Interval;

    /// <summary>Evaluates the current plan when that is due.</summary>
    public async Task EvaluateDueAsync(string workload, string version, CancellationToken cancellationToken)
    {
        if (IsDue(await log.FindAsync(workload, cancellationToken), version, time.GetUtcNow()))
        {
            await EvaluateAsync(workload, cancellationToken);
        }
    }

    /// <summary>Evaluates the current plan now; null when the workload has none. Leaves Resource Manager's budget to incidents and runs.</summary>
    public Task<PlanEvaluation?> EvaluateAsync(string workload, CancellationToken cancellationToken) =>
        BackgroundWork.RunAsync(() => LookAsync(workload, cancellationToken));

    private async Task<PlanEvaluation?> LookAsync(string workload, CancellationToken cancellationToken)
    {
        if (await plans.FindCurrentAsync(workload, cancellationToken) is not { } current)
        {
            return null;
        }

        var evaluated = new EvaluatedPlan(
            current.Plan, current.Version, await states.ReadAsync(workload, cancellationToken), time.GetUtcNow());
        var findings = new List<Finding>();
        foreach (var check in checks)
        {
            findings.AddRange(await LookAsync(check, evaluated, cancellationToken));
        }

        var evaluation = PlanEvaluation.Of(workload, current.Version, evaluated.Now, findings);
        await log.KeepAsync(evaluation, cancellationToken);
        return evaluation;
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(IPlanCheck check, EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await check.CheckAsync(plan, cancellationToken);
        }
        catch (RecoveryException failure)
        {
            return
            [
                new Finding(
                    FindingCodes.NotSeen, FindingSeverity.Unknown, check.Subject, $"could not look: {failure.Message}", "an answer", failure.Hint),
            ];
        }
    }
}
