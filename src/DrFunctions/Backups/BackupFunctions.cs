using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.App.Plans;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Backups;

/// <summary>Read what backups did.</summary>
public sealed class BackupFunctions(BackupLog backups, BackupStatusReader status, PlanStore plans, ApiErrors errors)
{
    private const int Newest = 50;

    [Function("ListBackups")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/backups")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await plans.FindCurrentTextAsync(workload, cancellationToken) is null
            ? PlanFunctions.PlanMissing(workload)
            : ApiResult.Json(new BackupList(await backups.ReadNewestAsync(workload, Newest, cancellationToken))));

    [Function("ReadBackupStatus")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> StatusAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/backups/status")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await plans.FindCurrentAsync(workload, cancellationToken) is { } current
            ? ApiResult.Json(await status.ReadAsync(current.Plan, cancellationToken))
            : PlanFunctions.PlanMissing(workload));

    private sealed record BackupList(IReadOnlyList<BackupRecord> Backups);
}
