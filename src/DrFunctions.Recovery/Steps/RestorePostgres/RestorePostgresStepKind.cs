using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RestorePostgres;

/// <summary>The kind of <see cref="RestorePostgresStep"/>.</summary>
internal sealed class RestorePostgresStepKind : StepKind<RestorePostgresStep, RestorePostgresRunner>
{
    private const string Type = "Microsoft.DBforPostgreSQL/flexibleServers";
    private static readonly TimeSpan UsualBefore = TimeSpan.FromMinutes(5);
    private static readonly StepField Region = StepField.Role("region", "The region of the new server; another one than the source's needs geo-redundant backups.");
    private static readonly StepField Source = StepField.Resource("source", "The server whose backup is restored.", Type);
    private static readonly StepField Target = StepField.Resource("target", "The new server; nothing has its name yet.", Type);

    // The service keeps backups for 35 days at most.
    private static readonly StepField Before = StepField.Duration(
        "before", "How long before the loss was first noticed the restored time lies.", TimeSpan.Zero, TimeSpan.FromDays(35)).Optional("5m");

    public override string Name => "restorePostgres";

    public override string Summary => "Restores a PostgreSQL flexible server's own backup, to a point in time, into a new server.";

    public override string UndoSummary => "Leaves the new server, which nothing uses, to whoever deletes it.";

    public override TimeSpan UsualTimeout => TimeSpan.FromHours(2);

    public override IReadOnlyList<StepField> Fields { get; } = [Region, Source, Target, Before];

    public override RunbookStep Build(StepFieldValues values)
    {
        var (source, target) = (values.Get<ResourceId>(Source.Name), values.Get<ResourceId>(Target.Name));
        if (source == target)
        {
            values.Report(Target.Name, $"is '{target}', the source itself; expected the id of a server that does not exist yet.");
        }

        return new RestorePostgresStep(values.Name, values.Timeout, values.Role(Region.Name), source, target, values.Get(Before.Name, UsualBefore));
    }

    protected override TimeSpan Estimate(RestorePostgresStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(30);

    protected override StepEffect Effect(RestorePostgresStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(RestorePostgresStep step, WorkloadPlan plan) =>
    [
        new RequiredPermission($"{Type}/read", step.Source.Value),
        new RequiredPermission($"{Type}/read", step.Target.Value),
        new RequiredPermission($"{Type}/write", step.Target.Value),
        new RequiredPermission("Microsoft.DBforPostgreSQL/locations/azureAsyncOperation/read", step.Target.Subscription),
        new RequiredPermission("Microsoft.DBforPostgreSQL/locations/operationResults/read", step.Target.Subscription),
    ];

    protected override string Describe(RestorePostgresStep step, WorkloadPlan plan) =>
        $"restore the backup of {step.Source.Name}, as it was {step.Before:d\\.hh\\:mm\\:ss} before the loss, into the new server {step.Target.Name} in {plan.RegionOf(step.Region).Name}";

    protected override IEnumerable<string> AzCommands(RestorePostgresStep step, WorkloadPlan plan)
    {
        var target = $"--subscription {ShellWord.Quote(step.Target.SubscriptionId)} --resource-group {ShellWord.Quote(step.Target.ResourceGroup)} --name {ShellWord.Quote(step.Target.Name)} --source-server {ShellWord.Quote(step.Source.Value)}";
        return
        [
            $"# in the source's own region: az postgres flexible-server restore {target} --restore-time TIME",
            $"az postgres flexible-server geo-restore {target} --location {ShellWord.Quote(plan.RegionOf(step.Region).Name)}",
        ];
    }
}
