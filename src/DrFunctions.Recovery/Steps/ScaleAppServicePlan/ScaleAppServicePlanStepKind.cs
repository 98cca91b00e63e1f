using System.Globalization;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ScaleAppServicePlan;

/// <summary>The kind of <see cref="ScaleAppServicePlanStep"/>.</summary>
internal sealed class ScaleAppServicePlanStepKind : StepKind<ScaleAppServicePlanStep, ScaleAppServicePlanRunner>
{
    private const int MostInstances = 100; // of any tier
    private static readonly StepField Plan = StepField.Resource("plan", "The App Service plan.", "Microsoft.Web/serverfarms");

    private static readonly StepField Size =
        StepField.Text("size", "Its size, such as P1v3; default as it is.", 10, "^[A-Za-z][A-Za-z0-9]{1,9}$", "a size such as P1v3").Optional();

    private static readonly StepField Instances = StepField.Number("instances", "How many it has; default as many as it has.", 1, MostInstances).Optional();

    public override string Name => "scaleAppServicePlan";

    public override string Summary => "Gives an App Service plan another size or number of instances.";

    public override string UndoSummary => "Gives the plan the size and instances back that it had before.";

    public override TimeSpan UsualTimeout => TimeSpan.FromMinutes(15);

    public override IReadOnlyList<StepField> Fields { get; } = [Plan, Size, Instances];

    public override RunbookStep Build(StepFieldValues values)
    {
        if (!values.Has(Size.Name) && !values.Has(Instances.Name))
        {
            values.Report("", "changes neither size nor instances; expected at least one of them.");
        }

        return new ScaleAppServicePlanStep(
            values.Name,
            values.Timeout,
            values.Get<ResourceId>(Plan.Name),
            values.Find<string>(Size.Name),
            values.Has(Instances.Name) ? values.Get<int>(Instances.Name) : null);
    }

    protected override TimeSpan Estimate(ScaleAppServicePlanStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(1);

    protected override StepEffect Effect(ScaleAppServicePlanStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(ScaleAppServicePlanStep step, WorkloadPlan plan) =>
    [
        new RequiredPermission("Microsoft.Web/serverfarms/read", step.Plan.Value),
        new RequiredPermission("Microsoft.Web/serverfarms/write", step.Plan.Value),
        new RequiredPermission("Microsoft.Web/serverfarms/operationresults/read", step.Plan.Value),
    ];

    protected override string Describe(ScaleAppServicePlanStep step, WorkloadPlan plan) => $"scale {step.Plan.Name} to {Words(step)}";

    protected override IEnumerable<string> AzCommands(ScaleAppServicePlanStep step, WorkloadPlan plan)
    {
        var size = step.Size is { } name ? $" --sku {ShellWord.Quote(name)}" : "";
        var instances = step.Instances is { } count ? $" --number-of-workers {count.ToString(CultureInfo.InvariantCulture)}" : "";
        return [$"az appservice plan update --ids {ShellWord.Quote(step.Plan.Value)}{size}{instances}"];
    }

    /// <summary>What is wanted, such as <c>3 of P1v3</c>.</summary>
    public static string Words(ScaleAppServicePlanStep step) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(step.Instances is { } count ? $"{count}" : "as many")} of {step.Size ?? "its size"}");
}
