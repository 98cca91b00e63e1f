using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runs;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Runs;

/// <summary>Tells, once for a run, that it is expected to finish later than its RTO allows: while there is time to do something.</summary>
public sealed partial class LateRuns(RunJournal journal, RunForecast forecast, RunExecution execution, ILogger<LateRuns> logger)
{
    /// <summary>Looks at a run that holds its lock, and records and logs what is to be told of it. Idempotent.</summary>
    public async Task WarnAsync(string runId, CancellationToken cancellationToken)
    {
        if (await journal.ReadAsync(runId, cancellationToken) is not { Count: > 0 } entries || entries.Any(entry => entry.Kind == JournalKind.ProjectionPassedRto))
        {
            return;
        }

        var run = RunViews.Of(entries);
        if (await forecast.ProjectAsync(run, cancellationToken) is { PassesRto: true } late && await execution.WarnAsync(runId, late, cancellationToken))
        {
            LogLate(run.Workload, runId, late.FinishAt, run.Objectives.RtoSeconds);
        }
    }

    [LoggerMessage(4004, LogLevel.Warning, "The run {RunId} of {Workload} is expected to finish at {FinishAt}, later than its RTO of {RtoSeconds} s allows.")]
    private partial void LogLate(string workload, string runId, DateTimeOffset finishAt, double rtoSeconds);
}
