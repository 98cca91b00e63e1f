using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.StartWebApp;

/// <summary>The kind of <see cref="StartWebAppStep"/>.</summary>
internal sealed class StartWebAppStepKind : StepKind<StartWebAppStep, StartWebAppRunner>
{
    private static readonly StepField Region = StepField.Role("region", "The region whose web app is started.");

    public override string Name => "startWebApp";

    public override string Summary => "Starts the region's web app and waits for its health.";

    public override string UndoSummary => "Stops the web app again if it was stopped before, unless users are there by then.";

    public override IReadOnlyList<StepField> Fields { get; } = [Region];

    // Nobody is in the region that is started, and the undo stops it again.
    public override bool RunsInDrill(RunbookStep step) => true;

    public override RunbookStep Build(StepFieldValues values) => new StartWebAppStep(values.Name, values.Timeout, values.Role(Region.Name));

    protected override TimeSpan Estimate(StartWebAppStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(1);

    protected override StepEffect Effect(StartWebAppStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(StartWebAppStep step, WorkloadPlan plan)
    {
        var site = plan.RegionOf(step.Region).WebApp.Value;
        return
        [
            new RequiredPermission("Microsoft.Web/sites/read", site),
            new RequiredPermission("Microsoft.Web/sites/start/action", site),
            new RequiredPermission("Microsoft.Web/sites/stop/action", site),
        ];
    }

    protected override string Describe(StartWebAppStep step, WorkloadPlan plan)
    {
        var region = plan.RegionOf(step.Region);
        return $"start {region.WebApp.Name} in {region.Name} and wait until {region.Health} answers 200";
    }

    protected override IEnumerable<string> AzCommands(StartWebAppStep step, WorkloadPlan plan)
    {
        var region = plan.RegionOf(step.Region);
        return
        [
            $"az webapp start --ids {ShellWord.Quote(region.WebApp.Value)}",
            $"curl --globoff --fail --silent --show-error --retry 60 --retry-delay 5 --retry-all-errors {ShellWord.Quote(region.Health.AbsoluteUri)}",
        ];
    }
}
