using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.FailoverStorage;

/// <summary>The kind of <see cref="FailoverStorageStep"/>.</summary>
internal sealed class FailoverStorageStepKind : StepKind<FailoverStorageStep, FailoverStorageRunner>
{
    private const string Planned = "planned";
    private static readonly StepField Region = StepField.Role("region", "The region that the account is to be written in.");
    private static readonly StepField Account = StepField.Resource("account", "The storage account.", "Microsoft.Storage/storageAccounts");

    private static readonly StepField Mode = StepField.Choice(
        "mode", "planned swaps the regions without loss and needs both; unplanned loses all since the last sync and leaves the account without a copy.", Planned, "unplanned");

    public override string Name => "failoverStorage";

    public override string Summary => "Fails a geo-redundant storage account over, and records what its last sync means for the data.";

    public override string UndoSummary => "None: go back with a planned failover in a runbook of its own, after making the account geo-redundant again.";

    public override TimeSpan UsualTimeout => TimeSpan.FromHours(1);

    public override bool CanForce => true;

    public override IReadOnlyList<StepField> Fields { get; } = [Region, Account, Mode];

    public override RunbookStep Build(StepFieldValues values) => new FailoverStorageStep(
        values.Name, values.Timeout, values.Role(Region.Name), values.Get<ResourceId>(Account.Name), values.Get<string>(Mode.Name) == Planned);

    protected override TimeSpan Estimate(FailoverStorageStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(30);

    protected override StepEffect Effect(FailoverStorageStep step) => StepEffect.Irreversible;

    protected override string? WhyNotRepeatable(FailoverStorageStep step) => step.IsPlanned
        ? "a second planned failover would swap the regions back; so one whose answer was lost is sent again only after 90 s without a trace of it"
        : null;

    protected override IEnumerable<RequiredPermission> Permissions(FailoverStorageStep step, WorkloadPlan plan) =>
    [
        new RequiredPermission("Microsoft.Storage/storageAccounts/read", step.Account.Value),
        new RequiredPermission("Microsoft.Storage/storageAccounts/failover/action", step.Account.Value),
        new RequiredPermission("Microsoft.Storage/locations/asyncoperations/read", step.Account.Subscription),
    ];

    protected override string Describe(FailoverStorageStep step, WorkloadPlan plan) =>
        $"fail {step.Account.Name} over to {plan.RegionOf(step.Region).Name} ({(step.IsPlanned ? Planned : "unplanned")})";

    protected override IEnumerable<string> AzCommands(FailoverStorageStep step, WorkloadPlan plan)
    {
        var account = ShellWord.Quote(step.Account.Value);
        return
        [
            $"az storage account show --ids {account} --expand geoReplicationStats --query geoReplicationStats",
            $"az storage account failover --ids {account}{(step.IsPlanned ? " --failover-type Planned" : "")} --yes",
        ];
    }
}
