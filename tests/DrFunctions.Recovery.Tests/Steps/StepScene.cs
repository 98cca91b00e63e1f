using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps;

/// <summary>One step over fakes: checked, attempted as a run does until it is done or has failed, undone.</summary>
internal sealed class StepScene
{
    public StepScene(RunbookStep step)
    {
        Step = step;
        Runner = Scene.Runners().Single(runner => runner.StepType == step.GetType());
    }

    public RecoveryScene Scene { get; } = new();

    public FakeAzure Azure => Scene.Azure;

    public List<string> Effects => Scene.Effects;

    public bool IsForced { get; set; }

    private RunbookStep Step { get; }

    private StepRunner Runner { get; }

    private IReadOnlyDictionary<string, string> Chosen { get; set; } = new Dictionary<string, string>();

    public static ResourceId Id(string type, string name) =>
        ResourceId.Parse($"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/{type}/{name}");

    public Task<StepCheck> CheckAsync() => Runner.PrecheckAsync(Context(), default);

    public async Task<StepAttempt> DriveAsync()
    {
        Chosen = await Runner.ChooseAsync(Context(), default);
        return await RepeatAsync(context => Runner.AttemptAsync(context, default));
    }

    public Task<StepAttempt> UndoAsync() => RepeatAsync(context => Runner.UndoAsync(context, default));

    private async Task<StepAttempt> RepeatAsync(Func<StepContext, Task<StepAttempt>> attempt)
    {
        var context = Context();
        var end = Scene.Clock.GetUtcNow().AddHours(1);
        while (true)
        {
            StepAttempt outcome;
            try
            {
                outcome = await attempt(context);
            }
            catch (RecoveryException failure)
            {
                outcome = failure.IsTransient
                    ? StepAttempt.Again(failure.Code, failure.Message, TimeSpan.FromSeconds(2), failure.Hint)
                    : StepAttempt.Failed(failure.Code, failure.Message, failure.Hint);
            }

            if (outcome.Outcome != StepOutcome.Again || Scene.Clock.GetUtcNow() > end)
            {
                return outcome;
            }

            Scene.Clock.Advance(outcome.After);
        }
    }

    private StepContext Context() => new(Scene.Plan, Scene.Request(), 1, Step, Chosen)
    {
        Index = 0,
        BegunAt = Scene.Clock.GetUtcNow(),
        IsForced = IsForced,
        EnsureCurrentAsync = _ => Task.CompletedTask,
    };
}
