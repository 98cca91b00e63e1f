using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.CrashApp;

public static class Journeys
{
    /// <summary>Everything that an orchestration may await, and a second execution.</summary>
    [Function(nameof(Journey))]
    public static async Task<string> Journey([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.GetInput<string>() is { Length: > 0 } before)
        {
            return $"{before} {await context.CallActivityAsync<string>(nameof(Activities.Act), Key(context, "last"))}";
        }

        var ear = context.CallSubOrchestratorAsync(nameof(Ear), options: new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-ear"));
        var first = await context.CallActivityAsync<string>(nameof(Activities.Act), Key(context, "first"));
        var large = await context.CallActivityAsync<string>(nameof(Activities.ActLargely), Key(context, "large"));
        var parts = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>(nameof(Activities.Act), Key(context, $"part{i}"))));
        var leg = await context.CallSubOrchestratorAsync<string>(nameof(Leg), context.InstanceId);
        var twice = await context.CallActivityAsync<string>(
            nameof(Activities.ActTwice), Key(context, "twice"), TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(100))));
        await context.CreateTimer(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        var go = await context.WaitForExternalEvent<string>("go");
        context.SendEvent($"{context.InstanceId}-ear", "speak", context.InstanceId);
        var heard = await context.WaitForExternalEvent<string>("heard");
        await ear;
        context.ContinueAsNew($"{first} {large.Length} {string.Join(',', parts)} {leg} {twice} {go} {heard}");
        return "";
    }

    /// <summary>Two activities, and an event between them; no timer.</summary>
    [Function(nameof(Walk))]
    public static async Task<string> Walk([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var first = await context.CallActivityAsync<string>(nameof(Activities.Act), Key(context, "first"));
        context.SetCustomStatus("waits");
        var go = await context.WaitForExternalEvent<string>("go");
        return $"{first} {go} {await context.CallActivityAsync<string>(nameof(Activities.Act), Key(context, "last"))}";
    }

    /// <summary>An activity that takes long; answers with the process that did it.</summary>
    [Function(nameof(Crawl))]
    public static async Task<string> Crawl([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var by = await context.CallActivityAsync<string>(nameof(Activities.ActSlowly), Key(context, "slow"));
        await context.CallActivityAsync<string>(nameof(Activities.Act), Key(context, "last"));
        return by;
    }

    [Function(nameof(Leg))]
    public static async Task<string> Leg([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var journey = context.GetInput<string>()!; // Its parent gives it.
        var one = await context.CallActivityAsync<string>(nameof(Activities.Act), new EffectKey(journey, "leg1"));
        return one + await context.CallActivityAsync<string>(nameof(Activities.Act), new EffectKey(journey, "leg2"));
    }

    [Function(nameof(Ear))]
    public static async Task Ear([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.SendEvent(await context.WaitForExternalEvent<string>("speak"), "heard", "heard");
    }

    private static EffectKey Key(TaskOrchestrationContext context, string name) => new(context.InstanceId, name);
}
