using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.FailoverSqlGroup;

/// <summary>The kind of <see cref="FailoverSqlGroupStep"/>.</summary>
internal sealed class FailoverSqlGroupStepKind : StepKind<FailoverSqlGroupStep, FailoverSqlGroupRunner>
{
    private const string Planned = "planned";
    private const string Type = "Microsoft.Sql/servers/failoverGroups";
    private static readonly StepField Region = StepField.Role("region", "The region of the server that is to be the primary.");
    private static readonly StepField Group = StepField.Resource("group", "The failover group, by its id on that server.", Type);

    private static readonly StepField Mode = StepField.Choice(
        "mode", "planned waits until everything has arrived and needs both servers; forced loses what has not.", Planned, "forced");

    public override string Name => "failoverSqlGroup";

    public override string Summary => "Fails a failover group of Azure SQL Database over to its other server.";

    public override string UndoSummary => "None: the other server is behind by then; go back with a runbook of its own.";

    public override TimeSpan UsualTimeout => TimeSpan.FromMinutes(30);

    public override bool CanForce => true;

    public override IReadOnlyList<StepField> Fields { get; } = [Region, Group, Mode];

    public override RunbookStep Build(StepFieldValues values) => new FailoverSqlGroupStep(
        values.Name, values.Timeout, values.Role(Region.Name), values.Get<ResourceId>(Group.Name), values.Get<string>(Mode.Name) == Planned);

    protected override TimeSpan Estimate(FailoverSqlGroupStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(1);

    protected override StepEffect Effect(FailoverSqlGroupStep step) => StepEffect.Irreversible;

    protected override IEnumerable<RequiredPermission> Permissions(FailoverSqlGroupStep step, WorkloadPlan plan) =>
    [
        new RequiredPermission($"{Type}/read", step.FailoverGroup.Value),
        new RequiredPermission($"{Type}/failover/action", step.FailoverGroup.Value),
        new RequiredPermission($"{Type}/forceFailoverAllowDataLoss/action", step.FailoverGroup.Value),
        new RequiredPermission("Microsoft.Sql/locations/failoverGroupAzureAsyncOperation/read", step.FailoverGroup.Subscription),
        new RequiredPermission("Microsoft.Sql/locations/failoverGroupOperationResults/read", step.FailoverGroup.Subscription),
    ];

    protected override string Describe(FailoverSqlGroupStep step, WorkloadPlan plan) =>
        $"make {step.FailoverGroup.ParentName} in {plan.RegionOf(step.Region).Name} the primary of the failover group {step.FailoverGroup.Name} ({(step.IsPlanned ? Planned : "forced")})";

    protected override IEnumerable<string> AzCommands(FailoverSqlGroupStep step, WorkloadPlan plan) =>
    [
        $"az sql failover-group set-primary --subscription {ShellWord.Quote(step.FailoverGroup.SubscriptionId)} --resource-group {ShellWord.Quote(step.FailoverGroup.ResourceGroup)} --server {ShellWord.Quote(step.FailoverGroup.ParentName)} "
            + $"--name {ShellWord.Quote(step.FailoverGroup.Name)}{(step.IsPlanned ? "" : " --allow-data-loss")}",
    ];
}
