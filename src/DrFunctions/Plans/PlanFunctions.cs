using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.Plans;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Plans;

/// <summary>Apply and read plans.</summary>
public sealed class PlanFunctions(
    PlanStore plans,
    PlanIndex index,
    WorkloadLocks locks,
    WorkloadStates states,
    RunJournal journal,
    LagSampler lag,
    TimeProvider time,
    ApiErrors errors)
{
    [Function("ApplyPlan")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> ApplyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "plans/{workload}")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var yaml = await ApiBody.ReadTextAsync(request, cancellationToken);
        var result = PlanReader.Read(yaml);
        if (result.Plan is not { } plan)
        {
            return ApiResult.Error(StatusCodes.Status400BadRequest, new ApiError(
                "PlanInvalid",
                $"The plan has {result.Mistakes.Count} mistake(s).",
                "Correct them and apply the plan again; 'dr plan check FILE' finds the same ones.",
                [.. result.Mistakes.Select(mistake => new ApiErrorDetail(mistake.Line, mistake.Column, mistake.Path, mistake.Message))]));
        }

        if (plan.Workload != workload)
        {
            return ApiResult.BadRequest("WorkloadMismatch", $"workload: the plan is for '{plan.Workload}', the URL says '{workload}'.");
        }

        var applied = await plans.ApplyAsync(yaml, workload, cancellationToken);
        return ApiResult.Json(new Applied(workload, applied.Version), applied.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    });

    [Function("ListPlans")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans")] HttpRequest request, CancellationToken cancellationToken) =>
        errors.GuardAsync(async () =>
        {
            var all = await index.ReadAsync(cancellationToken);
            return ApiResult.Json(new PlanList(
                [.. all.Plans.Select(plan => new Applied(plan.Workload, plan.Version))
                    .Concat(all.Damaged.Where(plan => plan.Version is not null).Select(plan => new Applied(plan.Workload, plan.Version!))) // filtered
                    .OrderBy(plan => plan.Workload, StringComparer.Ordinal)],
                all.Damaged.Count == 0 ? null : [.. all.Damaged.Select(plan => new Damaged(plan.Workload, plan.Why.Code, plan.Why.Message, plan.Why.Hint))]));
        });

    [Function("GetPlan")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        if (await plans.FindCurrentTextAsync(workload, cancellationToken) is not { } stored)
        {
            return PlanMissing(workload);
        }

        var plan = await plans.ReadAsync(workload, stored.Version, cancellationToken);
        var state = await states.ReadAsync(workload, cancellationToken);
        var held = await locks.ReadAsync(workload, cancellationToken);

        var loss = await lag.RecallAsync(plan, cancellationToken);
        return ApiResult.Json(new PlanBody(
            workload,
            stored.Version,
            stored.AppliedAt,
            stored.Yaml,
            plan.RegionOf(state.Active).Name,
            state.Arriving ? true : null,
            plan.IsShared(state) ? true : null,
            state.Epoch,
            new ObjectivesView(plan.Objectives.Rpo.TotalSeconds, plan.Objectives.Rto.TotalSeconds),
            RpoOf(loss, plan),
            held is null ? null : await LockAsync(held, cancellationToken)));
    });

    private RpoBody RpoOf(LossEstimate loss, WorkloadPlan plan)
    {
        var now = time.GetUtcNow();
        var lag = now - loss.SafeUntil;
        return new RpoBody(
            ObjectiveVerdicts.OfLag(lag, plan.Objectives.Rpo),
            lag?.TotalSeconds,
            loss.SafeUntil,
            loss.Worst,
            [.. loss.Stores.Select(store => new StoreRpo(store.Store, store.Source, (now - store.SafeUntil)?.TotalSeconds, store.SafeUntil, store.Detail))]);
    }

    // A run that waits for a person holds its lock: whoever looks at the workload must see that, and not look further.
    private async Task<LockBody> LockAsync(WorkloadLock held, CancellationToken cancellationToken)
    {
        var run = held.State == LockState.Held && await journal.ReadAsync(held.Run.RunId, cancellationToken) is { Count: > 0 } entries
            ? RunViews.Of(entries)
            : null;
        return new LockBody(held.Run.RunId, held.State, held.Note, run?.State, run?.Pause);
    }

    /// <summary>The answer for a workload without a plan.</summary>
    public static IActionResult PlanMissing(string workload) => ApiResult.NotFound(
        "PlanNotFound", $"There is no plan for '{workload}'.", "Apply one with 'dr plan apply FILE'.");

    private sealed record Applied(string Workload, string Version);

    private sealed record PlanList(IReadOnlyList<Applied> Plans, IReadOnlyList<Damaged>? Damaged);

    private sealed record Damaged(string Workload, string Code, string Message, string Hint);

    private sealed record RpoBody(ObjectiveVerdict Verdict, double? LagSeconds, DateTimeOffset? RestorePoint, string? WorstStore, IReadOnlyList<StoreRpo> Stores);

    private sealed record StoreRpo(string Store, string Source, double? LagSeconds, DateTimeOffset? RestorePoint, string Detail);

    private sealed record LockBody(string RunId, LockState State, string? Note, RunState? RunState, PauseView? Pause);

    private sealed record PlanBody(
        string Workload,
        string Version,
        DateTimeOffset AppliedAt,
        string Yaml,
        string Active,
        bool? Arriving,
        bool? Shared,
        long Epoch,
        ObjectivesView Objectives,
        RpoBody Rpo,
        LockBody? Lock);
}
