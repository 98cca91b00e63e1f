using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.BackUp;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.CloseStorage;

/// <summary>The kind of <see cref="CloseStorageFence"/>.</summary>
internal sealed class CloseStorageFenceKind : FenceKind<CloseStorageFence, CloseStorageWorker>
{
    private const string Type = "Microsoft.Storage/storageAccounts";

    public override string Name => "close-storage";

    public override string Summary =>
        "Resource Manager confirms that the region's storage account has publicNetworkAccess Disabled and allowSharedKeyAccess false, and no private endpoint, for a minute; needs 'account' in both regions.";

    public override StoreFence Build(StepFieldValues values) => new CloseStorageFence();

    public override string? Misfit(DataStore store, Region? primary) => store switch
    {
        ContainerStore { PrimaryAccount: not null, SecondaryAccount: not null } => null,
        ContainerStore => $"is {Name}, and the store does not name its accounts; expected account, a resource id, in primary and secondary.",
        _ => $"is {Name}, which closes a storage account, and the store is none; expected another kind.",
    };

    public override string? Contradiction(FenceSite site, RunbookStep later) => later switch
    {
        BackUpStep backup when backup.Store == site.Store.Name && backup.Region == site.Region =>
            $"reads '{site.Store.Name}' from the account that the fence before it closed; expected another fence of the store, such as stop-web-app or write-lease.",
        FailoverStorageStep failover when failover.Account == Account(site) =>
            $"fails over the account that the fence before it closed, and that is the same account in its other region; expected another fence of '{site.Store.Name}', such as stop-web-app or write-lease.",
        _ => null,
    };

    public override string Target(FenceSite site) => Account(site).Value;

    public override TimeSpan Estimate(FenceSite site) => Least(site) + TimeSpan.FromSeconds(5);

    public override TimeSpan Least(FenceSite site) => CloseStorageWorker.Settles;

    public override IEnumerable<RequiredPermission> Permissions(FenceSite site) =>
    [
        new RequiredPermission($"{Type}/read", Account(site).Value),
        new RequiredPermission($"{Type}/write", Account(site).Value),
    ];

    public override string Describe(FenceSite site) =>
        $"close the storage account {Account(site).Name} in {site.Fenced.Name} to all networks and keys and wait until Resource Manager confirms it";

    public override IEnumerable<string> AzCommands(FenceSite site)
    {
        var account = ShellWord.Quote(Account(site).Value);
        return
        [
            $"az storage account update --ids {account} --public-network-access Disabled --allow-shared-key-access false",
            $"az storage account show --ids {account} --query '[publicNetworkAccess, allowSharedKeyAccess, length(privateEndpointConnections)]' --output tsv # expect Disabled, False and 0",
            FormattableString.Invariant($"sleep {CloseStorageWorker.Settles.TotalSeconds:0}"),
        ];
    }

    /// <summary>The account of a site.</summary>
    public static ResourceId Account(FenceSite site) => ((ContainerStore)site.Store).AccountIn(site.Region)!.Value; // A store without is no fit.
}
