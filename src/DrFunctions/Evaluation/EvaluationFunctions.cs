using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.App.Plans;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Evaluation;

/// <summary>Read the latest evaluation of a plan, or evaluate it now.</summary>
public sealed class EvaluationFunctions(PlanEvaluator evaluator, EvaluationLog log, PlanStore plans, ApiErrors errors)
{
    [Function("GetEvaluation")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/evaluation")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        if (await plans.FindCurrentTextAsync(workload, cancellationToken) is null)
        {
            return PlanFunctions.PlanMissing(workload);
        }

        return await log.FindAsync(workload, cancellationToken) is { } latest
            ? ApiResult.Json(latest)
            : ApiResult.NotFound(
                "NotEvaluated", $"The plan of '{workload}' was not evaluated yet.", "Wait a minute, or evaluate it now with 'dr plan evaluate'.");
    });

    [Function("EvaluatePlan")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> EvaluateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plans/{workload}/evaluation")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await plans.FindCurrentTextAsync(workload, cancellationToken) is { }
        && await evaluator.EvaluateAsync(workload, cancellationToken) is { } evaluation
            ? ApiResult.Json(evaluation)
            : PlanFunctions.PlanMissing(workload));
}
