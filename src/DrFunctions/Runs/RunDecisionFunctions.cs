using System.Text.Json;
using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Runs;

/// <summary>What people have runs do: retry, skip, undo, force and cancel.</summary>
public sealed partial class RunDecisionFunctions(RunJournal journal, RunExecution execution, ApiErrors errors, ILogger<RunDecisionFunctions> logger)
{
    private const int MaxParameters = 50;

    // What names a step, and what a drill is, are no matters of one attempt.
    private static readonly string[] Fixed = ["name", "drill"];

    private static readonly string Kinds =
        string.Join(", ", Enum.GetNames<CommandKind>().Select(name => $"'{JsonNamingPolicy.CamelCase.ConvertName(name)}'"));

    [Function("DecideRun")]
    [Requires(CallerRole.Operator)]
    public Task<IActionResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{runId}/decisions")] HttpRequest request,
        string runId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var body = await ApiBody.ReadJsonAsync<DecisionBody>(request, cancellationToken);
        if (!RunAnswers.IsRunId(runId) || await journal.ReadAsync(runId, cancellationToken) is { Count: 0 })
        {
            return RunAnswers.RunMissing(runId);
        }

        if (Mistake(body, request.Caller()) is { } mistake)
        {
            return mistake;
        }

        var command = new RunCommand(KindOf(body.Kind)!.Value, body.Step, request.Caller().ToString(), body.Reason!) // Just checked.
        {
            ObjectId = request.Caller().ObjectId,
            Occasion = body.Occasion,
            Parameters = body.Parameters ?? [],
            Overrides = body.Overrides,
        };
        CommandVerdict verdict;
        try
        {
            verdict = await execution.CommandAsync(runId, command, cancellationToken);
        }
        catch (RecoveryException exception) when (exception.Code == "StepFieldsInvalid")
        {
            return ApiResult.BadRequest(exception.Code, $"parameters: {exception.Message}", exception.Hint);
        }

        if (verdict is CommandVerdict.Refused refused)
        {
            return ApiResult.Error(StatusCodes.Status409Conflict, new ApiError(refused.Code, refused.Message, refused.Hint));
        }

        await WakeAsync(runId, client, cancellationToken);
        return ApiResult.Json(
            RunViews.Of(await journal.ReadAsync(runId, cancellationToken)),
            verdict is CommandVerdict.Repeated ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    });

    private static IActionResult? Mistake(DecisionBody body, CallerIdentity caller)
    {
        if (KindOf(body.Kind) is not { } kind)
        {
            return Invalid("kind", body.Kind, Kinds);
        }

        if (string.IsNullOrWhiteSpace(body.Reason))
        {
            return ApiResult.BadRequest("FieldMissing", "reason: missing, expected why, so that the record says it.");
        }

        var fields = body.Parameters ?? [];
        return RunAnswers.TooLong(body.Reason, "reason") ?? body switch
        {
            { Step: null } when IsOfStep(kind) => ApiResult.BadRequest("FieldMissing", $"step: missing, expected the name of the step to {body.Kind}."),
            { Step: not null } when !IsOfStep(kind) => Invalid("step", body.Step, $"none: '{body.Kind}' is about the whole run"),
            { Occasion: < 0 } => Invalid("occasion", $"{body.Occasion}", "the number that the run's pause has"),
            { Occasion: not null } when kind == CommandKind.Cancel => Invalid("occasion", $"{body.Occasion}", "none: 'cancel' is about no pause"),
            _ when fields.Count > 0 && kind != CommandKind.Retry => Invalid("parameters", string.Join(", ", fields.Keys), "none: only 'retry' takes them"),
            _ when fields.Count > MaxParameters => Invalid("parameters", $"{fields.Count} fields", $"at most {MaxParameters}"),
            _ when fields.Keys.FirstOrDefault(Fixed.Contains) is { } one => Invalid($"parameters.{one}", fields[one], "none: a retry cannot change it"),
            { Overrides: not null } when kind != CommandKind.Skip || body.Overrides != RunCommands.FenceRule =>
                Invalid("overrides", body.Overrides, $"'{RunCommands.FenceRule}', of a skip"),
            { Overrides: not null } when !caller.Roles.Allow(CallerRole.Approver) || !caller.Authentication.IsPerson() =>
                ApiResult.Error(StatusCodes.Status403Forbidden, new ApiError(
                    "OverrideNotAllowed",
                    $"overrides: '{body.Overrides}' is for a person with the role '{CallerRole.Approver.Name()}'; the caller is {caller}.",
                    "Ask an approver to skip the fence with a key of their own.")),
            _ => null,
        };
    }

    private static IActionResult Invalid(string field, string? value, string expected) =>
        ApiResult.BadRequest("FieldInvalid", $"{field}: '{RunAnswers.Shown(value)}', expected {expected}.");

    private static bool IsOfStep(CommandKind kind) => kind is CommandKind.Retry or CommandKind.Skip;

    private static CommandKind? KindOf(string? text) =>
        text is { Length: > 0 } && text.All(char.IsAsciiLetter) && Enum.TryParse<CommandKind>(text, ignoreCase: true, out var kind) ? kind : null;

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

    [LoggerMessage(4003, LogLevel.Warning, "The run {RunId} could not be woken: {Message}")]
    private partial void LogNotWoken(string runId, string message);

    private sealed record DecisionBody(
        string? Kind = null,
        string? Step = null,
        string? Reason = null,
        Dictionary<string, string>? Parameters = null,
        string? Overrides = null,
        int? Occasion = null);
}
