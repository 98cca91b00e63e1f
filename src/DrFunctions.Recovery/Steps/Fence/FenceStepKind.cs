using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Fence;

/// <summary>The kind of <see cref="FenceStep"/>.</summary>
internal sealed class FenceStepKind : StepKind<FenceStep, FenceRunner>
{
    private static readonly StepField Region = StepField.Role("region", "The region to fence.");

    public override string Name => "fence";

    public override string Summary => "Keeps the region from writing, as every store's 'fence' says.";

    public override string UndoSummary => "Starts, opens or gives back what the step took away, unless users are in the other region by then.";

    public override IReadOnlyList<StepField> Fields { get; } = [Region];

    public override RunbookStep Build(StepFieldValues values) => new FenceStep(values.Name, values.Timeout, values.Role(Region.Name));

    protected override TimeSpan Estimate(FenceStep step, WorkloadPlan plan) => FenceSite.Of(plan, step.Region).Max(site => site.Kind.Estimate(site));

    // They are carried out side by side. A plan with mistakes may have no store that could be read.
    protected override TimeSpan Least(FenceStep step, WorkloadPlan plan) =>
        FenceSite.Of(plan, step.Region).Select(site => site.Kind.Least(site)).DefaultIfEmpty().Max();

    protected override IEnumerable<string> Mistakes(FenceStep step, WorkloadPlan plan)
    {
        foreach (var site in FenceSite.Of(plan, step.Region))
        {
            if (site.Kind.Least(site) >= step.Timeout)
            {
                yield return $"has a timeout of {step.Timeout}, and the {site.Kind.Name} of '{site.Store.Name}' takes {site.Kind.Least(site)}; expected a longer timeout.";
            }
        }
    }

    protected override StepEffect Effect(FenceStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(FenceStep step, WorkloadPlan plan) =>
        FenceSite.Of(plan, step.Region).SelectMany(site => site.Kind.Permissions(site)).Distinct();

    protected override string Describe(FenceStep step, WorkloadPlan plan) =>
        string.Join("; ", FenceSite.Of(plan, step.Region).Select(site => site.Kind.Describe(site)));

    protected override IEnumerable<string> AzCommands(FenceStep step, WorkloadPlan plan) =>
        FenceSite.Of(plan, step.Region).SelectMany(site => site.Kind.AzCommands(site));
}
