using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Evaluation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Evaluation;

/// <summary>
/// Evaluates, within a minute, every plan that is new, changed or was not looked at for half an hour. Not part of the minute tick:
/// what is looked at may not answer, and backups must not wait for it.
/// </summary>
public sealed partial class EvaluationTimer(PlanIndex plans, PlanEvaluator evaluator, ILogger<EvaluationTimer> logger)
{
    // Many new plans at once must leave a run the machine and the storage, too; Resource Manager allows no more than these do.
    private const int AtOnce = 2;

    [Function("Evaluate")]
    public async Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            (await plans.ReadAsync(cancellationToken)).Plans,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (plan, token) =>
            {
                try
                {
                    await evaluator.EvaluateDueAsync(plan.Workload, plan.Version, token);
                }
                catch (RecoveryException failure)
                {
                    // The next minute tries again.
                    LogFailed(plan.Workload, failure.Code, failure.Message);
                }
            });

    [LoggerMessage(3201, LogLevel.Warning, "The plan of {Workload} could not be evaluated: {Code}, {Message}")]
    private partial void LogFailed(string workload, string code, string message);
}
