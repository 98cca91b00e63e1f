using System.Text;
using System.Text.Json;
using DrFunctions.Recovery.Backups;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Api;

/// <summary>The app's HTTP API, typed; docs/design.md, section 5. Thread-safe. Never repeats a call.</summary>
/// <remarks>
/// Every method throws <see cref="CliException"/> when the app does not answer or refuses; its code says which, and its message
/// the app's reason. A call that went unanswered may have taken effect.
/// </remarks>
internal sealed class DrClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly AppConnection _connection;

    /// <summary>A client of one app.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="timeout">Of one call; default 30 s.</param>
    public DrClient(AppConnection connection, TimeSpan? timeout = null)
    {
        _connection = connection;
        _http = new HttpClient { BaseAddress = connection.Url, Timeout = timeout ?? TimeSpan.FromSeconds(30) };
    }

    /// <summary>The app's root.</summary>
    public Uri Url => _connection.Url;

    /// <summary>Applies a plan; the same plan again changes nothing.</summary>
    public Task<AppliedPlan> ApplyPlanAsync(string workload, string yaml, CancellationToken cancellationToken) =>
        SendAsync<AppliedPlan>(HttpMethod.Put, $"api/plans/{Part(workload)}", Content(yaml, "application/yaml"), cancellationToken);

    /// <summary>Lists the plans.</summary>
    public Task<PlanList> ListPlansAsync(CancellationToken cancellationToken) => GetAsync<PlanList>("api/plans", cancellationToken);

    /// <summary>Reads a workload's plan and where it stands.</summary>
    public Task<PlanView> ReadPlanAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<PlanView>($"api/plans/{Part(workload)}", cancellationToken);

    /// <summary>Holds a workload's plan against the world, now.</summary>
    public Task<PlanEvaluation> EvaluatePlanAsync(string workload, CancellationToken cancellationToken) =>
        SendAsync<PlanEvaluation>(HttpMethod.Post, $"api/plans/{Part(workload)}/evaluation", Content("", "application/json"), cancellationToken);

    /// <summary>Reads the last evaluation of a workload's plan.</summary>
    public Task<PlanEvaluation> ReadEvaluationAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<PlanEvaluation>($"api/plans/{Part(workload)}/evaluation", cancellationToken);

    /// <summary>Reads how a workload's backups are.</summary>
    public Task<BackupStatus> ReadBackupStatusAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<BackupStatus>($"api/plans/{Part(workload)}/backups/status", cancellationToken);

    /// <summary>Starts a job on a policy's backups.</summary>
    public Task<BackupJobView> StartBackupJobAsync(string workload, BackupJobStart start, CancellationToken cancellationToken) =>
        SendAsync<BackupJobView>(HttpMethod.Post, $"api/plans/{Part(workload)}/backups/jobs", Json(start), cancellationToken);

    /// <summary>Lists a workload's newest backup jobs, newest first.</summary>
    public Task<BackupJobList> ListBackupJobsAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<BackupJobList>($"api/plans/{Part(workload)}/backups/jobs", cancellationToken);

    /// <summary>Reads a backup job.</summary>
    public Task<BackupJobView> ReadBackupJobAsync(string workload, string job, CancellationToken cancellationToken) =>
        GetAsync<BackupJobView>($"api/plans/{Part(workload)}/backups/jobs/{Part(job)}", cancellationToken);

    /// <summary>Starts a runbook.</summary>
    public Task<StartedRun> StartRunAsync(string workload, string runbook, RunStart start, CancellationToken cancellationToken) =>
        SendAsync<StartedRun>(
            HttpMethod.Post, $"api/plans/{Part(workload)}/runbooks/{Part(runbook)}/runs", Json(start), cancellationToken);

    /// <summary>Lists a workload's runs, newest first.</summary>
    public Task<RunList> ListRunsAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<RunList>($"api/plans/{Part(workload)}/runs", cancellationToken);

    /// <summary>Reads a run.</summary>
    public Task<RunView> ReadRunAsync(string runId, CancellationToken cancellationToken) =>
        GetAsync<RunView>($"api/runs/{Part(runId)}", cancellationToken);

    /// <summary>Shows what a run would do; starts nothing.</summary>
    public Task<RunPreviewView> PreviewRunAsync(string workload, string runbook, RunStart start, CancellationToken cancellationToken) =>
        SendAsync<RunPreviewView>(
            HttpMethod.Post, $"api/plans/{Part(workload)}/runbooks/{Part(runbook)}/runs", Json(start with { DryRun = true }), cancellationToken);

    /// <summary>Decides what a run does.</summary>
    public Task<RunView> DecideRunAsync(string runId, RunDecisionBody decision, CancellationToken cancellationToken) =>
        SendAsync<RunView>(HttpMethod.Post, $"api/runs/{Part(runId)}/decisions", Json(decision), cancellationToken);

    /// <summary>Reads a run's remaining steps as commands of a shell.</summary>
    public Task<string> ReadCommandsAsync(string runId, CancellationToken cancellationToken) =>
        SendTextAsync(HttpMethod.Get, $"api/runs/{Part(runId)}/commands", null, cancellationToken);

    /// <summary>Lists the approvals that runs wait for.</summary>
    public Task<ApprovalList> ListApprovalsAsync(CancellationToken cancellationToken) => GetAsync<ApprovalList>("api/approvals", cancellationToken);

    /// <summary>Approves or declines.</summary>
    public Task<DecidedApproval> DecideAsync(string runId, ApprovalDecision decision, CancellationToken cancellationToken) =>
        SendAsync<DecidedApproval>(HttpMethod.Post, $"api/runs/{Part(runId)}/approvals", Json(decision), cancellationToken);

    /// <summary>Reads a run's evidence as the app sent it.</summary>
    public Task<string> ReadEvidenceAsync(string runId, CancellationToken cancellationToken) =>
        SendTextAsync(HttpMethod.Get, $"api/runs/{Part(runId)}/evidence", null, cancellationToken);

    /// <summary>Reads a run's report.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="format"><c>markdown</c> or <c>html</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<string> ReadReportAsync(string runId, string format, CancellationToken cancellationToken) =>
        SendTextAsync(HttpMethod.Get, $"api/runs/{Part(runId)}/report?format={Part(format)}", null, cancellationToken);

    /// <summary>Lists a workload's incidents.</summary>
    public Task<IncidentList> ListIncidentsAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<IncidentList>($"api/plans/{Part(workload)}/incidents", cancellationToken);

    /// <summary>What would happen if an alert came now.</summary>
    public Task<VerdictPreview> ReadVerdictAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<VerdictPreview>($"api/plans/{Part(workload)}/verdict", cancellationToken);

    /// <summary>Lists the incidents of signals that could not be understood.</summary>
    public Task<UnreadableList> ListUnreadableAsync(CancellationToken cancellationToken) => GetAsync<UnreadableList>("api/unreadable", cancellationToken);

    /// <summary>Closes an incident of signals that could not be understood.</summary>
    public Task AcknowledgeUnreadableAsync(string incident, Opinion opinion, CancellationToken cancellationToken) =>
        SendTextAsync(HttpMethod.Post, $"api/unreadable/{Part(incident)}/acknowledge", Json(opinion), cancellationToken);

    /// <summary>Which app acts.</summary>
    public Task<ControlStatus> ReadControlAsync(CancellationToken cancellationToken) => GetAsync<ControlStatus>("api/control", cancellationToken);

    /// <summary>Has the app take control over.</summary>
    public Task<ControlStatus> TakeControlAsync(ControlTaking taking, CancellationToken cancellationToken) =>
        SendAsync<ControlStatus>(HttpMethod.Post, "api/control/take", Json(taking), cancellationToken);

    /// <summary>Records what the caller decides about an open incident.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="incident">Its open incident.</param>
    /// <param name="decision"><c>approve</c>, <c>decline</c> or <c>override</c>.</param>
    /// <param name="opinion">Why, and which rule.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task DecideAsync(string workload, string incident, string decision, Opinion opinion, CancellationToken cancellationToken) =>
        SendTextAsync(HttpMethod.Post, $"api/plans/{Part(workload)}/incidents/{Part(incident)}/{decision}", Json(opinion), cancellationToken);

    /// <summary>Acknowledges the last run, so that the next may start before the cooldown is over.</summary>
    public Task AcknowledgeAsync(string workload, Opinion opinion, CancellationToken cancellationToken) =>
        SendTextAsync(HttpMethod.Post, $"api/plans/{Part(workload)}/acknowledge", Json(opinion), cancellationToken);

    /// <summary>Lists a workload's backups, newest first.</summary>
    public Task<BackupList> ListBackupsAsync(string workload, CancellationToken cancellationToken) =>
        GetAsync<BackupList>($"api/plans/{Part(workload)}/backups", cancellationToken);

    /// <summary>A page of the signals, ignored ones included, newest first.</summary>
    /// <param name="workload">Only this workload's; null for all.</param>
    /// <param name="limit">The most on a page.</param>
    /// <param name="after">The page before's <c>Next</c>; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SignalList> ListSignalsAsync(string? workload, int limit, string? after, CancellationToken cancellationToken) =>
        GetAsync<SignalList>(
            $"api/signals?limit={limit}{(workload is null ? "" : $"&workload={Part(workload)}")}{(after is null ? "" : $"&after={Part(after)}")}",
            cancellationToken);

    /// <summary>Runs a timer function now.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="masterKey">The host's master key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task RunTimerAsync(string function, string masterKey, CancellationToken cancellationToken) =>
        SendTextAsync(
            Request(HttpMethod.Post, $"admin/functions/{Part(function)}", Json(new { input = "" }), ("x-functions-key", masterKey)),
            cancellationToken);

    /// <summary>Delivers events as Event Grid does: with no key but the one in the URL.</summary>
    /// <param name="function">The function that is subscribed.</param>
    /// <param name="systemKey">The Event Grid extension's key.</param>
    /// <param name="events">A JSON array in the Event Grid schema.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task DeliverEventsAsync(string function, string systemKey, string events, CancellationToken cancellationToken) =>
        SendTextAsync(
            Request(
                HttpMethod.Post,
                $"runtime/webhooks/EventGrid?functionName={Part(function)}&code={Part(systemKey)}",
                Content(events, "application/json"),
                ("aeg-event-type", "Notification")),
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var text = await SendTextAsync(method, path, content, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<T>(text, DocumentJson.Options) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException failure)
        {
            throw new CliException("Failed",
                $"The function app at {Url} answered {method} /{path} with something unreadable: {failure.Message}",
                "Check that --url names a DrFunctions app of this version.", failure);
        }
    }

    private Task<string> SendTextAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken) =>
        SendTextAsync(Request(method, path, content, ("x-functions-key", _connection.FunctionKey), ("x-dr-key", _connection.Key)), cancellationToken);

    private async Task<string> SendTextAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var answer = await _http.SendAsync(request, cancellationToken);
                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                return answer.IsSuccessStatusCode ? body : throw ApiFailures.Of(_connection, request, answer.StatusCode, body);
            }
            catch (HttpRequestException failure)
            {
                throw ApiFailures.NoAnswer(_connection, failure.InnerException?.Message ?? failure.Message, failure);
            }
            catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw ApiFailures.NoAnswer(_connection, $"no answer within {_http.Timeout.TotalSeconds:0} s", failure);
            }
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            // A key with a character that no header may have is refused by the app, not by a stack trace here.
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static StringContent Json<T>(T body) => Content(JsonSerializer.Serialize(body, DocumentJson.Options), "application/json");

    private static StringContent Content(string text, string type) => new(text, Encoding.UTF8, type);

    private static string Part(string text) => Uri.EscapeDataString(text);
}
