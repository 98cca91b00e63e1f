using System.Text.Json;
using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.App.Plans;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Runs;

/// <summary>Start, list and read runs.</summary>
public sealed partial class RunFunctions(
    PlanStore plans,
    WorkloadLocks locks,
    WorkloadStates states,
    RunJournal journal,
    RunHistory history,
    RunForecast forecast,
    RunExecution execution,
    RunPreview preview,
    RunIds ids,
    TimeProvider time,
    ApiErrors errors,
    ILogger<RunFunctions> logger)
{
    private static readonly string Modes =
        string.Join(", ", Enum.GetNames<RunMode>().Select(name => $"'{JsonNamingPolicy.CamelCase.ConvertName(name)}'"));

    [Function("StartRun")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plans/{workload}/runbooks/{runbook}/runs")] HttpRequest request,
        string workload,
        string runbook,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<StartBody>(request, cancellationToken);
        if (RunAnswers.TooLong(body.Reason, "reason") is { } mistake)
        {
            return mistake;
        }

        if (!TryReadMode(body.Mode, out var mode))
        {
            return ApiResult.BadRequest("FieldInvalid", $"mode: '{RunAnswers.Shown(body.Mode)}', expected {Modes}.");
        }

        if (await plans.FindCurrentAsync(workload, cancellationToken) is not { } current)
        {
            return PlanFunctions.PlanMissing(workload);
        }

        var now = time.GetUtcNow();
        var run = new RunRequest(
            ids.Next(workload, now),
            workload,
            runbook,
            mode,
            current.Version,
            request.Caller(),
            Words(body.Reason, "started by hand"),
            now,
            null);
        if (body.DryRun)
        {
            return await preview.OfAsync(current.Plan, run, cancellationToken) is { } shown
                ? ApiResult.Json(shown)
                : RunbookMissing(workload, runbook, current.Plan.Runbooks.Keys);
        }

        var start = await new RunStarts(locks, states, plans, new DurableRunScheduler(client)).StartAsync(run, cancellationToken);
        if (start is RunStart.Started begun)
        {
            // Before the answer, so that whoever follows its Location finds the run. It has started all the same when this fails:
            // its orchestration opens the journal.
            try
            {
                await execution.OpenAsync(workload, begun.Run.RunId, cancellationToken);
            }
            catch (RecoveryException exception)
            {
                LogNotBegun(begun.Run.RunId, exception.Code, exception.Message);
            }
        }

        return start switch
        {
            RunStart.Started started => Accepted(request, started),
            RunStart.RunActive active => ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(
                "RunActive",
                $"'{workload}' already has an active run, '{active.RunId}'.",
                $"Watch it with 'dr run watch {active.RunId}', or cancel it.",
                ActiveRunId: active.RunId)),
            RunStart.AlreadyThere there => ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(
                "AlreadyThere",
                $"'{there.Region}' already carries '{workload}': '{runbook}' would restore an older state over live data.",
                "Nothing to do. Look at 'dr plan show' and the last run.")),
            RunStart.UnknownRunbook unknown => RunbookMissing(workload, unknown.Name, unknown.Known),
            _ => throw new InvalidOperationException($"Unknown start {start}."),
        };
    });

    [Function("ListRuns")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/runs")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        if (await plans.FindCurrentTextAsync(workload, cancellationToken) is null)
        {
            return PlanFunctions.PlanMissing(workload);
        }

        return ApiResult.Json(new RunList(await history.ReadAsync(workload, cancellationToken)));
    });

    [Function("GetRun")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{runId}")] HttpRequest request,
        string runId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await ReadAsync(runId, cancellationToken) is { } view
            ? ApiResult.Json((await WithFindingAsync(view, client, cancellationToken)) with { Projection = await forecast.ProjectAsync(view, cancellationToken) })
            : RunAnswers.RunMissing(runId));

    [Function("GetRunCommands")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetCommandsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{runId}/commands")] HttpRequest request,
        string runId,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var entries = await EntriesAsync(runId, cancellationToken);
        if (entries.Count == 0)
        {
            return RunAnswers.RunMissing(runId);
        }

        var run = RunProgress.Of(entries);
        var plan = await plans.ReadAsync(run.Workload, run.PlanVersion, cancellationToken);
        return new ContentResult
        {
            ContentType = "text/plain; charset=utf-8",
            Content = ManualSteps.Of(plan, plan.Runbooks[run.Runbook], run),
            StatusCode = StatusCodes.Status200OK,
        };
    });

    // A step that is attempted again and again says what it waits for. That the engine cannot say so now takes nothing from the run.
    private async Task<RunView> WithFindingAsync(RunView view, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (view.State != RunState.Running || await FindingsAsync(view.RunId, client, cancellationToken) is not { } found)
        {
            return view;
        }

        return view with
        {
            Steps = [.. view.Steps.Select(step => step.State is StepState.Running or StepState.Undoing
                && found.Steps.FirstOrDefault(one => one.Index == step.Index) is { } finding ? step with { Summary = finding.Finding } : step)],
        };
    }

    private async Task<StepFindings?> FindingsAsync(string runId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetInstanceAsync(runId, getInputsAndOutputs: true, cancellationToken) is { SerializedCustomStatus: not null } instance
                ? instance.ReadCustomStatusAs<StepFindings>()
                : null;
        }
#pragma warning disable CA1031 // Hosts differ in what they throw; the run itself was read from its journal.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogNoFinding(runId, exception.Message);
            return null;
        }
    }

    private async Task<RunView?> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        var entries = await EntriesAsync(runId, cancellationToken);
        return entries.Count == 0 ? null : RunViews.Of(entries);
    }

    private async Task<IReadOnlyList<JournalEntry>> EntriesAsync(string runId, CancellationToken cancellationToken) =>
        RunAnswers.IsRunId(runId) ? await journal.ReadAsync(runId, cancellationToken) : [];

    private static IActionResult Accepted(HttpRequest request, RunStart.Started started)
    {
        request.HttpContext.Response.Headers.Location = $"/api/runs/{started.Run.RunId}";
        return ApiResult.Json(
            new StartedBody(started.Run.RunId, started.Run.Workload, started.Run.Runbook, started.Run.Mode, started.Epoch),
            StatusCodes.Status202Accepted);
    }

    private static IActionResult RunbookMissing(string workload, string runbook, IEnumerable<string> known) => ApiResult.NotFound(
        "RunbookNotFound",
        $"The plan of '{workload}' has no runbook '{runbook}'; it has {string.Join(", ", known.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))}.");

    private static bool TryReadMode(string? text, out RunMode mode)
    {
        mode = RunMode.Unplanned;
        return text is null || (text.All(char.IsLetter) && Enum.TryParse(text, ignoreCase: true, out mode));
    }

    private static string Words(string? text, string otherwise) => string.IsNullOrWhiteSpace(text) ? otherwise : text;

    [LoggerMessage(4001, LogLevel.Warning, "The run {RunId} was started, and its journal is not open yet: {Code}, {Message}")]
    private partial void LogNotBegun(string runId, string code, string message);

    [LoggerMessage(4002, LogLevel.Warning, "What the run {RunId} waits for cannot be read: {Message}")]
    private partial void LogNoFinding(string runId, string message);

    private sealed record StartBody(string? Mode = null, string? Reason = null, bool DryRun = false);

    private sealed record StartedBody(string RunId, string Workload, string Runbook, RunMode Mode, long Epoch);

    private sealed record RunList(IReadOnlyList<RunView> Runs);
}
