using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Runs;

/// <summary>What remains of a run: evidence for programs, a report for people.</summary>
public sealed class ReportFunctions(
    EvidenceArchive archive, RunForecast forecast, IDocumentStore documents, DecisionLog decisions, ApiErrors errors)
{
    [Function("GetEvidence")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetEvidenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{runId}/evidence")] HttpRequest request,
        string runId,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await CollectAsync(runId, cancellationToken) is { } evidence ? ApiResult.Json(evidence) : RunAnswers.RunMissing(runId));

    [Function("GetReport")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> GetReportAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{runId}/report")] HttpRequest request,
        string runId,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var format = request.Query["format"].ToString();
        if (format is not ("" or "markdown" or "html"))
        {
            return ApiResult.BadRequest("FieldInvalid", $"format: '{(format.Length > 40 ? $"{format[..40]}…" : format)}', expected 'markdown' or 'html'.");
        }

        if (await CollectAsync(runId, cancellationToken) is not { } evidence)
        {
            return RunAnswers.RunMissing(runId);
        }

        var report = RunReport.Of(await SourcesAsync(evidence, cancellationToken));
        return format == "html"
            ? Content("text/html; charset=utf-8", ReportHtml.Write(report))
            : Content("text/markdown; charset=utf-8", ReportMarkdown.Write(report));
    });

    private async Task<RunEvidence?> CollectAsync(string runId, CancellationToken cancellationToken) =>
        RunAnswers.IsRunId(runId) ? await archive.CollectAsync(runId, cancellationToken) : null;

    private async Task<ReportSources> SourcesAsync(RunEvidence evidence, CancellationToken cancellationToken)
    {
        var run = RunViews.Of(evidence.Entries);
        return new ReportSources(run, evidence.Entries, EvidenceVerification.Verify(evidence))
        {
            Incident = evidence.Entries[0].Fact("incident") is { } incident
                ? await TryAsync(async () => (await documents.ReadAsync<IncidentRecord>($"incidents/{run.Workload}/{incident}", cancellationToken))?.Value)
                : null,
            Decisions = await TryAsync(() => decisions.ReadAsync(run.RunId, cancellationToken)!) ?? [],
            Estimates = await forecast.EstimatesAsync(run, cancellationToken),
        };
    }

    // The journal is the report; what stands around it is left out where it cannot be read.
    private static async Task<T?> TryAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (RecoveryException)
        {
            return null;
        }
    }

    private static ContentResult Content(string type, string text) => new()
    {
        ContentType = type,
        Content = text,
        StatusCode = StatusCodes.Status200OK,
    };
}
