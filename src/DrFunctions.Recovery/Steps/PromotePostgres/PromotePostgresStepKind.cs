using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.PromotePostgres;

/// <summary>The kind of <see cref="PromotePostgresStep"/>.</summary>
internal sealed class PromotePostgresStepKind : StepKind<PromotePostgresStep, PromotePostgresRunner>
{
    private static readonly (string Word, PostgresPromotion Mode)[] Modes =
    [
        ("planned", PostgresPromotion.Planned),
        ("forced", PostgresPromotion.Forced),
        ("switchover", PostgresPromotion.Switchover),
        ("forcedSwitchover", PostgresPromotion.ForcedSwitchover),
    ];

    private static readonly StepField Region = StepField.Role("region", "The region of the replica.");

    private static readonly StepField Server =
        StepField.Resource("server", "The replica.", "Microsoft.DBforPostgreSQL/flexibleServers");

    private static readonly StepField Mode = StepField.Choice(
        "mode",
        "planned and forced take the replica out of its replication, switchover and forcedSwitchover make the old primary follow it; the forced ones lose what has not arrived.",
        [.. Modes.Select(each => each.Word)]);

    public override string Name => "promotePostgres";

    public override string Summary => "Promotes a PostgreSQL flexible server from replica to a server that takes writes.";

    public override string UndoSummary => "None: the other server is behind by then; go back with a runbook of its own.";

    public override TimeSpan UsualTimeout => TimeSpan.FromMinutes(20);

    public override bool CanForce => true;

    public override IReadOnlyList<StepField> Fields { get; } = [Region, Server, Mode];

    public override RunbookStep Build(StepFieldValues values) => new PromotePostgresStep(
        values.Name,
        values.Timeout,
        values.Role(Region.Name),
        values.Get<ResourceId>(Server.Name),
        Modes.First(each => each.Word == values.Get<string>(Mode.Name)).Mode);

    protected override TimeSpan Estimate(PromotePostgresStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(2);

    protected override StepEffect Effect(PromotePostgresStep step) => StepEffect.Irreversible;

    protected override IEnumerable<RequiredPermission> Permissions(PromotePostgresStep step, WorkloadPlan plan)
    {
        // Replicas and virtual endpoints are asked of the primary, whose id only the replica knows.
        const string Type = "Microsoft.DBforPostgreSQL/flexibleServers";
        return
        [
            new RequiredPermission($"{Type}/read", step.Server.Value),
            new RequiredPermission($"{Type}/write", step.Server.Value),
            new RequiredPermission($"{Type}/replicas/read", step.Server.Subscription),
            new RequiredPermission($"{Type}/virtualendpoints/read", step.Server.Subscription),
            new RequiredPermission("Microsoft.DBforPostgreSQL/locations/azureAsyncOperation/read", step.Server.Subscription),
            new RequiredPermission("Microsoft.DBforPostgreSQL/locations/operationResults/read", step.Server.Subscription),
        ];
    }

    protected override string Describe(PromotePostgresStep step, WorkloadPlan plan) =>
        $"promote {step.Server.Name} in {plan.RegionOf(step.Region).Name} ({Word(step.Mode)})";

    protected override IEnumerable<string> AzCommands(PromotePostgresStep step, WorkloadPlan plan)
    {
        var isSwitchover = step.Mode is PostgresPromotion.Switchover or PostgresPromotion.ForcedSwitchover;
        var isForced = step.Mode is PostgresPromotion.Forced or PostgresPromotion.ForcedSwitchover;
        return
        [
            $"az postgres flexible-server replica promote --ids {ShellWord.Quote(step.Server.Value)} "
                + $"--promote-mode {(isSwitchover ? "switchover" : "standalone")} --promote-option {(isForced ? "forced" : "planned")} --yes",
        ];
    }

    /// <summary>A mode as plans write it.</summary>
    public static string Word(PostgresPromotion mode) => Modes.First(each => each.Mode == mode).Word;
}
