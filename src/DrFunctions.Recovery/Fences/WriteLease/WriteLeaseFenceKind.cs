using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.WriteLease;

/// <summary>The kind of <see cref="WriteLeaseFence"/>.</summary>
internal sealed class WriteLeaseFenceKind : FenceKind<WriteLeaseFence, WriteLeaseWorker>
{
    private const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    private static readonly TimeSpan UsualMargin = TimeSpan.FromSeconds(5);
    private static readonly StepField Connection = StepField.Setting("connection", "The app setting of an account that is not lost with the primary region.");

    private static readonly StepField Container =
        StepField.Text("container", "The record's container.", 63, "^[a-z0-9](-?[a-z0-9]){2,62}$", "a container's name");

    private static readonly StepField Blob = StepField.Text("blob", "The record's blob.", 900, "^[A-Za-z0-9][A-Za-z0-9._/-]*$", "a blob's name of letters, digits and ._/-");

    private static readonly StepField Ttl = StepField.Duration(
        "ttl", "How long a writer may go on after it last saw its region's name in the record.", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));

    private static readonly StepField Margin = StepField.Duration(
        "margin", "What is waited beyond that, for clocks that do not run alike.", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)).Optional("5s");

    public override string Name => "write-lease";

    public override string Summary =>
        "The application's writers write only while a record names their region; the fence takes it with a higher epoch, waits ttl and margin, and gives it to the other region.";

    public override IReadOnlyList<StepField> Fields { get; } = [Connection, Container, Blob, Ttl, Margin];

    public override StoreFence Build(StepFieldValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new WriteLeaseFence(
            new BlobContainer(values.Get<string>(Connection.Name), values.Get<string>(Container.Name)),
            values.Get<string>(Blob.Name),
            values.Get<TimeSpan>(Ttl.Name),
            values.Get(Margin.Name, UsualMargin));
    }

    public override string? Misfit(DataStore store, Region? primary)
    {
        var connection = ((WriteLeaseFence)store.Fence).Place.Connection;
        return connection == primary?.Repository?.Connection || connection == (store as ContainerStore)?.Primary.Connection
            ? $"keeps its record at {connection}, which is lost with the primary region; expected an account of another region."
            : null;
    }

    public override string Target(FenceSite site) => $"{Of(site).Place.Connection}/{Of(site).Place.Container}/{Of(site).Blob}";

    public override TimeSpan Estimate(FenceSite site) => Least(site) + TimeSpan.FromSeconds(2);

    public override TimeSpan Least(FenceSite site) => Of(site).Ttl + Of(site).Margin;

    public override IEnumerable<RequiredPermission> Permissions(FenceSite site) =>
    [
        new RequiredPermission($"{Blobs}/read", Of(site).Place.Connection, PermissionKind.StorageData),
        new RequiredPermission($"{Blobs}/write", Of(site).Place.Connection, PermissionKind.StorageData),
    ];

    public override string Describe(FenceSite site) => FormattableString.Invariant(
        $"take the write lease {Of(site).Blob} from {site.Fenced.Name}, wait {Least(site).TotalSeconds:0} s and give it to {site.Plan.RegionOf(site.Other).Name}");

    public override IEnumerable<string> AzCommands(FenceSite site)
    {
        var fence = Of(site);
        var blob = $"--connection-string \"${fence.Place.Connection}\" --container-name {ShellWord.Quote(fence.Place.Container)} --name {ShellWord.Quote(fence.Blob)} --file lease.json";
        var upload = $"az storage blob upload {blob} --overwrite";
        return
        [
            $"az storage blob download {blob}",
            $"jq --arg from {ShellWord.Quote(site.Fenced.Name)} '.epoch += 1 | .holder = \"\" | .leaving = $from' lease.json > taken.json && mv taken.json lease.json && {upload}",
            FormattableString.Invariant($"sleep {Least(site).TotalSeconds:0}"),
            $"jq --arg to {ShellWord.Quote(site.Plan.RegionOf(site.Other).Name)} '.holder = $to | .leaving = \"\"' lease.json > given.json && mv given.json lease.json && {upload}",
        ];
    }
}
