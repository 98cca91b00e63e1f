using System.Text.Json;
using System.Text.RegularExpressions;
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

/// <summary>Start, list, read and cancel runs.</summary>
public sealed partial class RunFunctions(
    PlanStore plans,
    WorkloadLocks locks,
    WorkloadStates states,
    RunJournal journal,
    RunHistory history,
    RunForecast forecast,
    RunExecution execution,
    RunIds ids,
    TimeProvider time,
    ApiErrors errors,
    ILogger<RunFunctions> logger)
{
    private const int MaxReason = 1024;

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
        if (TooLong(body.Reason, "reason") is { } mistake)
        {
            return mistake;
        }

        if (!TryReadMode(body.Mode, out var mode))
        {
            return ApiResult.BadRequest("FieldInvalid", $"mode: '{Shown(body.Mode)}', expected {Modes}.");
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
            RunStart.UnknownRunbook unknown => ApiResult.NotFound(
                "RunbookNotFound",
                $"The plan of '{workload}' has no runbook '{unknown.Name}'; it has {string.Join(", ", unknown.Known.Select(name => $"'{name}'"))}."),
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
            : RunMissing(runId));

    [Function("CancelRun")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{runId}/cancel")] HttpRequest request,
        string runId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<CancelBody>(request, cancellationToken);
        if (string.IsNullOrWhiteSpace(body.Reason))
        {
            return ApiResult.BadRequest("FieldMissing", "reason: missing, expected why, so that the record says it.");
        }

        if (TooLong(body.Reason, "reason") is { } mistake)
        {
            return mistake;
        }

        return await CommandAsync(runId, new RunCommand(CommandKind.Cancel, null, request.Caller().ToString(), body.Reason), client, cancellationToken);
    });

    private async Task<IActionResult> CommandAsync(
        string runId, RunCommand command, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await ReadAsync(runId, cancellationToken) is null)
        {
            return RunMissing(runId);
        }

        if (await execution.CommandAsync(runId, command, cancellationToken) is CommandVerdict.Refused refused)
        {
            return ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(refused.Code, refused.Message, refused.Hint));
        }

        await WakeAsync(runId, client, cancellationToken);
        return ApiResult.Json(await ReadAsync(runId, cancellationToken), StatusCodes.Status202Accepted);
    }

    // The decision is recorded; a wake-up that is lost is the tick's to repeat.
    private async Task WakeAsync(string runId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(runId, RunOrchestration.Decided, null, cancellationToken);
        }
#pragma warning disable CA1031 // Hosts differ in what they throw for an instance that is not there yet, or any more.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogNotWoken(runId, exception.Message);
        }
    }

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
        RunIdShape().IsMatch(runId) ? await journal.ReadAsync(runId, cancellationToken) : [];

    private static IActionResult Accepted(HttpRequest request, RunStart.Started started)
    {
        request.HttpContext.Response.Headers.Location = $"/api/runs/{started.Run.RunId}";
        return ApiResult.Json(
            new StartedBody(started.Run.RunId, started.Run.Workload, started.Run.Runbook, started.Run.Mode, started.Epoch),
            StatusCodes.Status202Accepted);
    }

    internal static IActionResult RunMissing(string runId) => ApiResult.NotFound(
        "RunNotFound", $"There is no run '{runId}', or it has not begun yet.", "List them with 'dr run list WORKLOAD'.");

    private static IActionResult? TooLong(string? text, string field) => text is { Length: > MaxReason }
        ? ApiResult.BadRequest("FieldTooLong", $"{field}: {text.Length} characters, expected at most {MaxReason}.")
        : null;

    private static string Shown(string? text) => text is { Length: > 40 } ? $"{text[..40]}…" : text ?? "";

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

    [LoggerMessage(4003, LogLevel.Warning, "The run {RunId} could not be woken: {Message}")]
    private partial void LogNotWoken(string runId, string message);

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,120}\\z", RegexOptions.CultureInvariant)]
    internal static partial Regex RunIdShape();

    private sealed record StartBody(string? Mode = null, string? Reason = null);

    private sealed record CancelBody(string? Reason = null);

    private sealed record StartedBody(string RunId, string Workload, string Runbook, RunMode Mode, long Epoch);

    private sealed record RunList(IReadOnlyList<RunView> Runs);
}
