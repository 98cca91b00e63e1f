using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.App.Plans;
using DrFunctions.App.Runs;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.BackupJobs;

/// <summary>Start, list and read jobs.</summary>
public sealed class BackupJobFunctions(PlanStore plans, BackupJobLog jobs, BackupJobStarts starts, BackupJobRequests requests, ApiErrors errors)
{
    private const int Newest = 50;

    [Function("StartBackupJob")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plans/{workload}/backups/jobs")] HttpRequest request,
        string workload,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<BackupJobBody>(request, cancellationToken);
        if (RunAnswers.TooLong(body.Reason, "reason") is { } mistake)
        {
            return mistake;
        }

        if (await plans.FindCurrentAsync(workload, cancellationToken) is not { } current)
        {
            return PlanFunctions.PlanMissing(workload);
        }

        if (!requests.TryRead(body, current.Plan, out var asked, out var refusal))
        {
            return refusal;
        }

        var reason = string.IsNullOrWhiteSpace(body.Reason) ? "started by hand" : body.Reason;
        return await starts.StartAsync(workload, current.Version, asked, request.Caller().Name, reason, body.IdempotencyKey, client, cancellationToken) switch
        {
            BackupJobStart.Started started => Accepted(request, started.Job),
            BackupJobStart.Active active => ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(
                "BackupJobActive",
                $"'{workload}' has a job of the same kind and policy under way, '{active.Job.Id}', by {active.Job.By}.",
                $"Follow it with 'dr backup jobs {workload} {active.Job.Id}', and start again when it has ended.")),
            BackupJobStart.Another other => ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(
                "IdempotencyKeyUsed",
                $"idempotencyKey: '{body.IdempotencyKey}' belongs to the job '{other.Job.Id}', which was asked for something else.",
                "Give every start a key of its own, and the same to its repetitions only.")),
            var unknown => throw new InvalidOperationException($"Unknown start {unknown}."),
        };
    });

    [Function("ListBackupJobs")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/backups/jobs")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await plans.FindCurrentTextAsync(workload, cancellationToken) is null
            ? PlanFunctions.PlanMissing(workload)
            : ApiResult.Json(new BackupJobList(await jobs.ReadNewestAsync(workload, Newest, cancellationToken))));

    [Function("GetBackupJob")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/backups/jobs/{jobId}")] HttpRequest request,
        string workload,
        string jobId,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await plans.FindCurrentTextAsync(workload, cancellationToken) is null ? PlanFunctions.PlanMissing(workload)
            : BackupJobRequests.IsId(jobId) && await jobs.FindAsync(workload, jobId, cancellationToken) is { } job ? ApiResult.Json(job)
            : ApiResult.NotFound("BackupJobNotFound", $"There is no backup job '{RunAnswers.Shown(jobId)}' of '{workload}'.", $"List them with 'dr backup jobs {workload}'."));

    private static IActionResult Accepted(HttpRequest request, BackupJob job)
    {
        request.HttpContext.Response.Headers.Location = $"/api/plans/{job.Workload}/backups/jobs/{job.Id}";
        return ApiResult.Json(job, StatusCodes.Status202Accepted);
    }

    private sealed record BackupJobList(IReadOnlyList<BackupJob> Jobs);
}

/// <summary>What a start is asked with; see docs/design.md, section 5.</summary>
public sealed record BackupJobBody(
    string? Kind = null,
    string? Policy = null,
    string? Reason = null,
    string? Region = null,
    string? Snapshot = null,
    DateTimeOffset? At = null,
    BackupJobTarget? Target = null,
    bool UseSource = false,
    bool DryRun = false,
    string? IdempotencyKey = null);

/// <summary>Where a restore goes.</summary>
/// <param name="Connection">One of the plan's connections.</param>
/// <param name="Container">A container that is empty, or not there.</param>
public sealed record BackupJobTarget(string? Connection = null, string? Container = null);
