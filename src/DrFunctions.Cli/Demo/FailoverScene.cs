using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>One region lost, one recovery: the steps in order, and how they are played.</summary>
internal static class FailoverScene
{
    /// <summary>Until users are served by the primary region and the plan is applied.</summary>
    public static IReadOnlyList<SceneStep> Opening { get; } =
    [
        new("The workload's files are uploaded to the primary region", UploadStep.PlayAsync),
        new("The plan is applied", PlanStep.PlayAsync),
        new("Traffic Manager finds the primary region online", OnlineStep.PlayAsync),
    ];

    /// <summary>The first backup; without one a failover has nothing to restore.</summary>
    public static SceneStep Backup { get; } =
        new("The timer function takes a backup and copies it to the secondary region", BackupStep.PlayAsync);

    /// <summary>A backup, the loss and the recovery.</summary>
    public static IReadOnlyList<SceneStep> Recovery { get; } =
    [
        Backup,
        new("The primary region goes dark", LossStep.PlayAsync),
        new("Event Grid delivers the alert", AlertStep.PlayAsync),
        new("The incident decides, and the failover runbook runs", FailoverStep.PlayAsync),
        new("The restored data is compared with the originals, bit for bit", ComparisonStep.PlayAsync),
        new("The run's evidence is written and verified", EvidenceStep.PlayAsync),
    ];

    /// <summary>Plays steps in order; the first that fails ends the scene.</summary>
    /// <returns>How long each took.</returns>
    public static async Task<IReadOnlyList<PlayedStep>> PlayAsync(
        SceneContext scene, IReadOnlyList<SceneStep> steps, CancellationToken cancellationToken)
    {
        var played = new List<PlayedStep>();
        foreach (var step in steps)
        {
            scene.Output.Say($"[bold]▸ {Output.Text(step.Title)}[/]");
            var began = scene.Time.GetTimestamp();
            await step.PlayAsync(scene, cancellationToken);
            var took = scene.Time.GetElapsedTime(began);
            scene.Output.Say($"    [green]✓[/] {Quantities.Duration(took)}");
            played.Add(new PlayedStep(step.Title, took.TotalSeconds));
        }

        return played;
    }
}

/// <summary>A step that was played.</summary>
/// <param name="Title">What happened.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record PlayedStep(string Title, double Seconds);
