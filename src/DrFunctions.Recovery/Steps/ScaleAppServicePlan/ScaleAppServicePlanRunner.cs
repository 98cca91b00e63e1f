using System.Globalization;
using DrFunctions.Recovery.AppServicePlans;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ScaleAppServicePlan;

/// <summary>Scales an App Service plan, and takes only the plan's own word for it.</summary>
internal sealed class ScaleAppServicePlanRunner(IAppServicePlans plans, OperationFollower follower) : StepRunner<ScaleAppServicePlanStep>
{
    private const string SizeFact = "sizeBefore";
    private const string InstancesFact = "instancesBefore";
    private const string Missing = "PlanMissing";
    private const string MissingHint = "Deploy the plan, or correct its id; then retry the step.";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await plans.ReadAsync(((ScaleAppServicePlanStep)context.Step).Plan, cancellationToken) is { } plan
            ? new Dictionary<string, string> { [SizeFact] = plan.Size, [InstancesFact] = plan.Instances.ToString(CultureInfo.InvariantCulture) }
            : [];
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(ScaleAppServicePlanStep step, StepContext context, CancellationToken cancellationToken) =>
        await plans.ReadAsync(step.Plan, cancellationToken) switch
        {
            null => StepCheck.Failed(Missing, $"The App Service plan '{step.Plan}' does not exist.", MissingHint),
            { MostInstances: { } most } plan when step.Size is null && step.Instances > most => StepCheck.Failed(
                "TooManyInstances",
                string.Create(CultureInfo.InvariantCulture, $"{step.Plan.Name} is of {plan.Size}, which has at most {most} instances; {step.Instances} are wanted."),
                "Name a larger size in the step, or fewer instances."),
            var plan => StepCheck.Ok($"{step.Plan.Name} has {Words(plan)}"),
        };

    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(ScaleAppServicePlanStep step, StepContext context, CancellationToken cancellationToken) =>
        follower.AttemptAsync(context, Work(step.Plan, step.Size, step.Instances), cancellationToken);

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(ScaleAppServicePlanStep step, StepContext context, CancellationToken cancellationToken) =>
        context.Chosen.TryGetValue(SizeFact, out var size)
        && context.Chosen.TryGetValue(InstancesFact, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var instances)
            ? await follower.AttemptAsync(context, Work(step.Plan, size, instances) with { IsUndo = true }, cancellationToken)
            : StepAttempt.Done($"{step.Plan.Name} was not there when the step began, and stays as it is");

    private OperationWork Work(ResourceId id, string? size, int? instances) => new()
    {
        What = $"the scaling of '{id.Name}'",
        ReadAsync = async stop => await plans.ReadAsync(id, stop) switch
        {
            null => OperationTarget.Impossible(Missing, $"The App Service plan '{id}' does not exist.", MissingHint),
            { IsChanging: true } plan => OperationTarget.Changing($"{id.Name} is being changed and has {Words(plan)}"),
            var plan when (size is null || string.Equals(plan.Size, size, StringComparison.OrdinalIgnoreCase)) && (instances ?? plan.Instances) == plan.Instances =>
                OperationTarget.Reached($"{id.Name} has {Words(plan)}"),
            var plan => OperationTarget.Open($"{id.Name} has {Words(plan)}"),
        },
        BeginAsync = stop => plans.ScaleAsync(id, size, instances, stop),
    };

    private static string Words(AppServicePlan plan) => string.Create(CultureInfo.InvariantCulture, $"{plan.Instances} of {plan.Size}");
}
