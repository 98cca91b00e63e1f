using DrFunctions.App.Backups;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Retention;

/// <summary>One prune of the repositories of both regions, one after the other. What fails in one does not keep the other from its own.</summary>
public static class PruneOrchestration
{
    public const string Name = "Prune";

    /// <summary>The code when an activity threw to the last.</summary>
    public const string NoAnswer = "NoAnswer";

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var job = context.GetInput<PruneInput>() ?? throw new ArgumentException("A prune needs its input.", nameof(context));
        DateTimeOffset startedAt = context.CurrentUtcDateTime;
        var places = new List<PlacePruned>();
        foreach (var place in job.Places)
        {
            places.Add(await context.AskAsync<PlacePruned>(
                PruneActivities.Prune, new PlaceInput(job, place), NoAnswer, answer => answer.Error, error => new PlacePruned(place, error)));
        }

        await context.CallActivityAsync(PruneActivities.Keep, new PruneOutcome(job, startedAt, places), PatientCalls.Retry);
    }
}
