using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.BackUp;

/// <summary>The kind of <see cref="BackUpStep"/>.</summary>
internal sealed class BackUpStepKind : StepKind<BackUpStep, BackUpRunner>
{
    private static readonly StepField Store = StepField.Store("store", "The store to back up; a policy must back it up, too.");
    private static readonly StepField Region = StepField.Role("region", "The region whose data is backed up.");

    public override string Name => "takeBackup";

    public override string Summary => "Backs a store up now, with a verified copy in the other region; after a fence a move then loses nothing.";

    public override string UndoSummary => "Nothing to undo: the backup stays.";

    public override TimeSpan UsualTimeout => TimeSpan.FromHours(1);

    public override IReadOnlyList<StepField> Fields { get; } = [Store, Region];

    public override RunbookStep Build(StepFieldValues values) =>
        new BackUpStep(values.Name, values.Timeout, values.Get<string>(Store.Name), values.Role(Region.Name));

    protected override TimeSpan Estimate(BackUpStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(10);

    protected override StepEffect Effect(BackUpStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(BackUpStep step, WorkloadPlan plan)
    {
        const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
        foreach (var repository in new[] { plan.RepositoryIn(RegionRole.Primary).Connection, plan.RepositoryIn(RegionRole.Secondary).Connection })
        {
            yield return new RequiredPermission($"{Blobs}/read", repository, PermissionKind.StorageData);
            yield return new RequiredPermission($"{Blobs}/write", repository, PermissionKind.StorageData);
            yield return new RequiredPermission($"{Blobs}/delete", repository, PermissionKind.StorageData);
        }

        if (plan.ContainerNamed(step.Store) is { } store)
        {
            yield return new RequiredPermission($"{Blobs}/read", store.In(step.Region).Connection, PermissionKind.StorageData);
        }
    }

    protected override string Describe(BackUpStep step, WorkloadPlan plan) =>
        $"back '{step.Store}' in {plan.RegionOf(step.Region).Name} up now, with a verified copy in {plan.RegionOf(Other(step.Region)).Name}";

    protected override IEnumerable<string> AzCommands(BackUpStep step, WorkloadPlan plan)
    {
        var (from, to) = (ShellWord.Quote(Place(plan.RepositoryIn(step.Region))), ShellWord.Quote(Place(plan.RepositoryIn(Other(step.Region)))));
        return plan.ContainerNamed(step.Store)?.In(step.Region) is { } source
            ? [$"dr backup run {ShellWord.Quote(Place(source))} --repository {from}", $"dr backup copy --repository {from} --to {to}"]
            : [];
    }

    private static string Place(BlobContainer container) => $"{container.Connection}:{container.Container}";

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
