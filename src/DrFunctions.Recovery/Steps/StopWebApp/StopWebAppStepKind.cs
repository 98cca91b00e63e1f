using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.StopWebApp;

/// <summary>The kind of <see cref="StopWebAppStep"/>.</summary>
internal sealed class StopWebAppStepKind : StepKind<StopWebAppStep, StopWebAppRunner>
{
    private static readonly StepField Region = StepField.Role("region", "The region whose web app is stopped; never the one that carries the workload.");

    public override string Name => "stopWebApp";

    public override string Summary => "Stops the web app of a region without users, such as the standby's after a failback; 'fence' is what keeps an old primary from writing.";

    public override string UndoSummary => "Starts the web app again if it ran before.";

    public override IReadOnlyList<StepField> Fields { get; } = [Region];

    public override RunbookStep Build(StepFieldValues values) => new StopWebAppStep(values.Name, values.Timeout, values.Role(Region.Name));

    protected override TimeSpan Estimate(StopWebAppStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(15);

    protected override StepEffect Effect(StopWebAppStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(StopWebAppStep step, WorkloadPlan plan)
    {
        var site = plan.RegionOf(step.Region).WebApp.Value;
        return
        [
            new RequiredPermission("Microsoft.Web/sites/read", site),
            new RequiredPermission("Microsoft.Web/sites/start/action", site),
            new RequiredPermission("Microsoft.Web/sites/stop/action", site),
        ];
    }

    protected override string Describe(StopWebAppStep step, WorkloadPlan plan)
    {
        var region = plan.RegionOf(step.Region);
        return $"stop {region.WebApp.Name} in {region.Name}, if the workload is carried by the other region then";
    }

    protected override IEnumerable<string> AzCommands(StopWebAppStep step, WorkloadPlan plan) =>
        [$"az webapp stop --ids {ShellWord.Quote(plan.RegionOf(step.Region).WebApp.Value)}"];
}
