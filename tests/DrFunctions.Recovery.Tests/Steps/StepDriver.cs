using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps;

/// <summary>Drives one step over a scene: chosen once, attempted until it ends, waits in virtual time.</summary>
internal sealed class StepDriver(RecoveryScene scene, RunbookStep step)
{
    private readonly StepRunner _runner = scene.Runners().Single(runner => runner.StepType == step.GetType());

    public StepContext Context { get; private set; } = new(scene.Plan, scene.Request(), 1, step, new Dictionary<string, string>())
    {
        Index = 3,
        Occasion = 7,
        BegunAt = scene.Clock.GetUtcNow(),
        EnsureCurrentAsync = _ => Task.CompletedTask,
    };

    public Task<StepCheck> PrecheckAsync() => _runner.PrecheckAsync(Context, default);

    public async Task<StepAttempt> AttemptAsync()
    {
        if (Context.Chosen.Count == 0)
        {
            Context = Context with { Chosen = await _runner.ChooseAsync(Context, default) };
        }

        return await _runner.AttemptAsync(Context, default);
    }

    /// <summary>Attempts until the step ends or its timeout is over.</summary>
    public async Task<StepAttempt> RunAsync()
    {
        while (true)
        {
            var attempt = await AttemptAsync();
            if (attempt.Outcome != StepOutcome.Again || scene.Clock.GetUtcNow() + attempt.After >= Context.BegunAt + step.Timeout)
            {
                return attempt;
            }

            scene.Clock.Advance(attempt.After);
        }
    }

    public async Task<StepAttempt> UndoAsync()
    {
        for (var left = 20; ; left--)
        {
            var attempt = await _runner.UndoAsync(Context, default);
            if (attempt.Outcome != StepOutcome.Again || left == 0)
            {
                return attempt;
            }

            scene.Clock.Advance(attempt.After);
        }
    }

    /// <summary>A person tries the step anew.</summary>
    public void BeginAnew() => Context = Context with { BegunAt = scene.Clock.GetUtcNow(), Occasion = Context.Occasion + 2 };
}
