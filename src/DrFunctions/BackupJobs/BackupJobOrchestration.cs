using DrFunctions.App.Backups;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.BackupJobs;

/// <summary>One job, in parts that fit into the host's time for a function.</summary>
public static class BackupJobOrchestration
{
    public const string Name = "BackupJob";

    // A copy goes on where it was cut off; one that was so often makes no way.
    private const int MostRounds = 1000;

    private const string Failed = "BackupJobFailed";

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<BackupJobInput>() ?? throw new ArgumentException("A backup job needs its input.", nameof(context));
        var scope = await context.AskAsync<BackupJobScope>(
            BackupJobActivities.Begin, input, Failed, answer => answer.Error, error => new BackupJobScope(input, 0, Error: error));
        var done = scope.Error is { } error ? new BackupJobAnswer(Error: error)
            : scope.Backup is { } backup ? await TakeAsync(context, backup)
            : await DoAsync(context, scope);
        await context.CallActivityAsync(BackupJobActivities.End, new BackupJobEnd(scope, done), PatientCalls.Retry);
    }

    private static async Task<BackupJobAnswer> TakeAsync(TaskOrchestrationContext context, BackupInput backup)
    {
        try
        {
            await context.CallSubOrchestratorAsync(BackupOrchestration.Name, backup);
            return new BackupJobAnswer(); // What came of it is in the backup's record.
        }
        catch (TaskFailedException exception)
        {
            return new BackupJobAnswer(Error: new BackupError(Failed, exception.FailureDetails.ErrorMessage));
        }
    }

    private static async Task<BackupJobAnswer> DoAsync(TaskOrchestrationContext context, BackupJobScope scope)
    {
        var all = new BackupJobAnswer();
        for (var (part, round) = (0, 0); part < scope.Parts && all.Error is null; round++)
        {
            var answer = round >= MostRounds + scope.Parts
                ? new BackupJobAnswer(Error: new BackupError(Failed, $"It was cut off {MostRounds} times."))
                : await context.AskAsync<BackupJobAnswer>(
                    BackupJobActivities.Do, new BackupJobPart(scope, part), Failed, one => one.Error, error => new BackupJobAnswer(Error: error));
            all = all.Plus(answer);
            part += answer.IsCutOff ? 0 : 1;
        }

        return all;
    }
}

/// <summary>Which job.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Id">The job.</param>
public sealed record BackupJobInput(string Workload, string Id);

/// <summary>What a job comes to, by the plan and where users were when it began.</summary>
/// <param name="Input">The job.</param>
/// <param name="Parts">In how many activities it is done; 0 for none.</param>
/// <param name="Region">The region, by its name in the plan; null when it is not known.</param>
/// <param name="Backup">The backup that does it; null where activities do.</param>
/// <param name="Snapshot">The snapshot it is about; null for none.</param>
/// <param name="Error">Why it cannot begin.</param>
public sealed record BackupJobScope(BackupJobInput Input, int Parts, string? Region = null, BackupInput? Backup = null, string? Snapshot = null, BackupError? Error = null);

/// <summary>A part of a job.</summary>
/// <param name="Scope">The job.</param>
/// <param name="Part">Which, from 0.</param>
public sealed record BackupJobPart(BackupJobScope Scope, int Part);

/// <summary>What a part came to.</summary>
/// <param name="Result">What was done and found; null for nothing.</param>
/// <param name="Error">Why it could not be done.</param>
/// <param name="IsCutOff">Whether there was no time for all of it: the same part is asked for again, and goes on.</param>
public sealed record BackupJobAnswer(BackupJobResult? Result = null, BackupError? Error = null, bool IsCutOff = false)
{
    /// <summary>This and what followed.</summary>
    public BackupJobAnswer Plus(BackupJobAnswer next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new BackupJobAnswer(BackupJobResults.Plus(Result, next.Result), next.Error, next.IsCutOff);
    }
}

/// <summary>A job's end.</summary>
/// <param name="Scope">The job.</param>
/// <param name="Answer">What it came to.</param>
public sealed record BackupJobEnd(BackupJobScope Scope, BackupJobAnswer Answer);
