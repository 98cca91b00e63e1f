using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Fence;

/// <summary>The kind of <see cref="FenceStep"/>.</summary>
internal sealed class FenceStepKind : StepKind<FenceStep, FenceRunner>
{
    private static readonly StepField Region = StepField.Role("region", "The region to fence.");

    public override string Name => "fence";

    public override string Summary => "Keeps the region from writing, as every store's 'fence' says.";

    public override string UndoSummary => "Starts again what the step stopped, unless users are in the other region by then.";

    public override IReadOnlyList<StepField> Fields { get; } = [Region];

    public override RunbookStep Build(StepFieldValues values) => new FenceStep(values.Name, values.Timeout, values.Role(Region.Name));

    protected override TimeSpan Estimate(FenceStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(15);

    protected override StepEffect Effect(FenceStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(FenceStep step, WorkloadPlan plan)
    {
        var site = plan.RegionOf(step.Region).WebApp.Value;
        return
        [
            new RequiredPermission("Microsoft.Web/sites/read", site),
            new RequiredPermission("Microsoft.Web/sites/stop/action", site),
            new RequiredPermission("Microsoft.Web/sites/start/action", site),
        ];
    }

    protected override string Describe(FenceStep step, WorkloadPlan plan)
    {
        var region = plan.RegionOf(step.Region);
        return $"stop {region.WebApp.Name} in {region.Name} and wait until Resource Manager confirms it";
    }

    protected override IEnumerable<string> AzCommands(FenceStep step, WorkloadPlan plan)
    {
        var site = ShellWord.Quote(plan.RegionOf(step.Region).WebApp.Value);
        return [$"az webapp stop --ids {site}", $"az webapp show --ids {site} --query state --output tsv # expect Stopped before going on"];
    }
}
