using DrFunctions.App.Backups;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.RestoreTests;

/// <summary>One restore test: each restore point is restored to a scratch container, compared, and removed; then it is kept what that showed.</summary>
public static class RestoreTestOrchestration
{
    public const string Name = "RestoreTest";

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var job = context.GetInput<RestoreTestInput>() ?? throw new ArgumentException("A restore test needs its input.", nameof(context));
        DateTimeOffset startedAt = context.CurrentUtcDateTime;
        var scope = await context.AskAsync<RestoreTestScope>(
            RestoreTestActivities.Begin, job, RestoreTestVerdicts.NoAnswer, answer => answer.Error, error => new RestoreTestScope([], [], error));
        var points = new List<PointResult>();
        foreach (var point in scope.Points)
        {
            points.Add(await TestAsync(context, job, point));
        }

        var cleaned = await context.AskAsync<ScratchCleaned>(
            RestoreTestActivities.Clean, job, RestoreTestVerdicts.NoAnswer, answer => answer.Error, error => new ScratchCleaned(null, error));
        await context.CallActivityAsync(
            RestoreTestActivities.Keep, new RestoreTestResult(job, startedAt, scope, points, cleaned), PatientCalls.Retry);
    }

    // One part after the other: each restores as fast as it can, so that the sum of their times is the restore's.
    private static async Task<PointResult> TestAsync(TaskOrchestrationContext context, RestoreTestInput job, ScopedPoint point)
    {
        var restored = new PartRestored();
        for (var part = 0; part < point.Parts && restored.Error is null; part++)
        {
            restored = restored.Plus(await context.AskAsync<PartRestored>(
                RestoreTestActivities.Restore,
                new PartInput(job, point, part),
                RestoreTestVerdicts.NoAnswer,
                answer => answer.Error,
                error => new PartRestored(Error: error)));
        }

        if (restored.Error is not null)
        {
            return new PointResult(point, restored, null, null);
        }

        var compared = new PartCompared();
        for (var part = 0; part < point.Parts && compared.Error is null; part++)
        {
            compared = compared.Plus(await context.AskAsync<PartCompared>(
                RestoreTestActivities.Compare,
                new PartInput(job, point, part),
                RestoreTestVerdicts.NoAnswer,
                answer => answer.Error,
                error => new PartCompared(Error: error)));
        }

        var listing = compared.Error is not null ? null : await context.AskAsync<ListingCompared>(
            RestoreTestActivities.List,
            new PartInput(job, point, 0),
            RestoreTestVerdicts.NoAnswer,
            answer => answer.Error,
            error => new ListingCompared(0, 0, false, error));
        return new PointResult(point, restored, compared, listing);
    }
}
