using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Restore;

/// <summary>The kind of <see cref="RestoreStep"/>.</summary>
internal sealed class RestoreStepKind : StepKind<RestoreStep, RestoreRunner>
{
    private static readonly StepField Store = StepField.Store("store", "The store to restore.");
    private static readonly StepField Region = StepField.Role("region", "The region whose container is written, from its own repository.");

    private static readonly StepField Snapshot = StepField.Text(
        "snapshot",
        "The id of the snapshot to restore instead of the newest complete one, when that is of no use: dr run retry RUN STEP --set snapshot=ID.",
        200,
        "^[a-zA-Z0-9][a-zA-Z0-9._-]*$",
        "a snapshot's id: letters, digits, '.', '_' and '-'").ForRetry();

    public override string Name => "restore";

    public override string Summary => "Restores a store from the region's own repository.";

    public override string UndoSummary => "None: what the region's container held before is overwritten.";

    public override TimeSpan UsualTimeout => TimeSpan.FromHours(1);

    public override IReadOnlyList<StepField> Fields { get; } = [Store, Region, Snapshot];

    // Nobody uses what was restored until users are moved: a fence before it can still be taken back.
    public override bool IsPointOfNoReturn(RunbookStep step) => false;

    public override RunbookStep Build(StepFieldValues values) =>
        new RestoreStep(values.Name, values.Timeout, values.Get<string>(Store.Name), values.Role(Region.Name))
        {
            Snapshot = values.Has(Snapshot.Name) ? values.Get<string>(Snapshot.Name) : null,
        };

    protected override TimeSpan Estimate(RestoreStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(10);

    protected override StepEffect Effect(RestoreStep step) => StepEffect.Irreversible;

    protected override IEnumerable<RequiredPermission> Permissions(RestoreStep step, WorkloadPlan plan)
    {
        const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
        var repository = plan.RepositoryIn(step.Region).Connection;
        yield return new RequiredPermission($"{Blobs}/read", repository, PermissionKind.StorageData);
        if (plan.ContainerNamed(step.Store) is { } store)
        {
            yield return new RequiredPermission($"{Blobs}/read", store.In(step.Region).Connection, PermissionKind.StorageData);
            yield return new RequiredPermission($"{Blobs}/write", store.In(step.Region).Connection, PermissionKind.StorageData);
        }
    }

    protected override string Describe(RestoreStep step, WorkloadPlan plan) =>
        $"restore {(step.Snapshot is { } id ? $"the snapshot {id}" : "the newest complete snapshot")} of '{step.Store}' in {plan.RegionOf(step.Region).Name} over its container";

    protected override IEnumerable<string> AzCommands(RestoreStep step, WorkloadPlan plan)
    {
        var from = ShellWord.Quote(Place(plan.RepositoryIn(step.Region)));
        return plan.ContainerNamed(step.Store)?.In(step.Region) is not { } to ? []
            : step.Snapshot is { } id ? [$"dr backup restore {ShellWord.Quote(id)} --repository {from} --to {ShellWord.Quote(Place(to))}"]
            : [$"dr backup list --repository {from} # choose the newest complete snapshot", $"dr backup restore \"$SNAPSHOT\" --repository {from} --to {ShellWord.Quote(Place(to))}"];
    }

    private static string Place(BlobContainer container) => $"{container.Connection}:{container.Container}";
}
