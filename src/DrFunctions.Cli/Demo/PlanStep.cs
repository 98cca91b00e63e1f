using DrFunctions.Cli.Api;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>Applies the environment's plan.</summary>
internal static class PlanStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Applies it; an app that starts again meanwhile is waited for, since applying twice changes nothing.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        AppliedPlan applied = await scene.Polling.UntilAsync(
            "the plan to be applied",
            Patience,
            token => scene.App.ApplyPlanAsync(scene.Workload, scene.Environment.PlanYaml, token),
            _ => true,
            cancellationToken);
        var plan = scene.Environment.Plan;
        scene.Say($"samples/shop.yaml, version {Output.Text(applied.Version)}; for this machine {SamplePlan.Changes(scene.Environment.Ports)}");
        scene.Say($"objectives: RPO {Quantities.Duration(plan.Objectives.Rpo)}, RTO {Quantities.Duration(plan.Objectives.Rto)}");
    }
}
