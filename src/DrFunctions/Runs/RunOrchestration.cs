using DrFunctions.Recovery.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Runs;

/// <summary>One run: its steps in order, each attempted until it is done, fails or times out.</summary>
public static class RunOrchestration
{
    public const string Name = "Run";

    // A store or a host that fails for a while must not end a run; what fails for minutes is for a person to see.
    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(6, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(15)));

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<RunInput>() ?? throw new ArgumentException("A run needs its input.", nameof(context));
        var outline = await context.CallActivityAsync<RunOutline?>(RunActivities.Begin, run, Retry);
        if (outline is null)
        {
            return;
        }

        for (var index = 0; index < outline.TimeoutSeconds.Count; index++)
        {
            if (await RunStepAsync(context, run, index, TimeSpan.FromSeconds(outline.TimeoutSeconds[index])) == StepNext.Stop)
            {
                break;
            }
        }

        await context.CallActivityAsync(RunActivities.End, run, Retry);
    }

    private static async Task<StepNext> RunStepAsync(TaskOrchestrationContext context, RunInput run, int index, TimeSpan timeout)
    {
        var deadline = context.CurrentUtcDateTime + timeout;
        while (true)
        {
            StepReport report;
            try
            {
                report = await context.CallActivityAsync<StepReport>(RunActivities.Attempt, new StepInput(run, index, deadline), Retry);
            }
            catch (TaskFailedException exception)
            {
                report = await FailAsync(context, run, index, "StepCrashed", exception.FailureDetails.ErrorMessage);
            }

            if (report.Next != StepNext.Again)
            {
                return report.Next;
            }

            // What it waits for is for whoever reads the run meanwhile; the journal keeps ends only.
            context.SetCustomStatus(new StepFinding(index, $"{report.Code}: {report.Summary}"));
            var next = context.CurrentUtcDateTime + TimeSpan.FromSeconds(Math.Max(report.AfterSeconds, 0.2));
            if (next >= deadline)
            {
                return (await FailAsync(context, run, index, "StepTimedOut", $"not done after {timeout}: {report.Code}; {report.Summary}")).Next;
            }

            await context.CreateTimer(next, CancellationToken.None);
        }
    }

    private static Task<StepReport> FailAsync(TaskOrchestrationContext context, RunInput run, int index, string code, string message) =>
        context.CallActivityAsync<StepReport>(RunActivities.Fail, new StepFailure(run, index, code, message), Retry);
}

/// <summary>Which run.</summary>
/// <param name="Workload">Its workload.</param>
/// <param name="RunId">Its id.</param>
public sealed record RunInput(string Workload, string RunId);

/// <summary>Which step of which run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Index">The step's index.</param>
/// <param name="Deadline">When the step times out.</param>
public sealed record StepInput(RunInput Run, int Index, DateTime Deadline);

/// <summary>Why a step is given up.</summary>
/// <param name="Run">The run.</param>
/// <param name="Index">The step's index.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">What was expected and found.</param>
public sealed record StepFailure(RunInput Run, int Index, string Code, string Message);

/// <summary>What a running step found at its last attempt.</summary>
/// <param name="Index">The step's index.</param>
/// <param name="Finding">A stable code, a colon and words.</param>
public sealed record StepFinding(int Index, string Finding);
