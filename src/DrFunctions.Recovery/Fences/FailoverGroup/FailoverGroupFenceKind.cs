using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.FailoverGroup;

/// <summary>The kind of <see cref="FailoverGroupFence"/>.</summary>
internal sealed class FailoverGroupFenceKind : FenceKind<FailoverGroupFence, FailoverGroupWorker>
{
    private const string Type = "Microsoft.Sql/servers/failoverGroups";

    public override string Name => "failover-group";

    public override string Summary =>
        "The planned failover of a SQL failover group makes the old primary read-only before the new one takes writes; a forced one proves nothing, and needs another fence.";

    public override StoreFence Build(StepFieldValues values) => new FailoverGroupFence();

    public override string? Misfit(DataStore store, Region? primary) =>
        store is SqlGroupStore ? null : $"is {Name}, which only a SQL failover group keeps, and the store is none; expected another kind.";

    public override string? Contradiction(FenceSite site, RunbookStep later) =>
        later is FailoverSqlGroupStep { IsPlanned: false } failover && failover.FailoverGroup == ((SqlGroupStore)site.Store).In(site.Other)
            ? $"has mode forced, in which the old primary may go on writing unseen, and the fence of '{site.Store.Name}' relies on a planned one; expected mode: planned, or another fence, such as stop-web-app."
            : null;

    public override string Target(FenceSite site) => Group(site).Value;

    public override TimeSpan Estimate(FenceSite site) => TimeSpan.FromSeconds(5);

    public override IEnumerable<RequiredPermission> Permissions(FenceSite site) =>
        [new RequiredPermission($"{Type}/read", Group(site).Value), new RequiredPermission($"{Type}/read", ((SqlGroupStore)site.Store).In(site.Other).Value)];

    public override string Describe(FenceSite site) =>
        $"see that the failover group {Group(site).Name} can be failed over as planned, which makes {Group(site).ParentName} read-only";

    public override IEnumerable<string> AzCommands(FenceSite site) =>
    [
        $"az sql failover-group show --subscription {ShellWord.Quote(Group(site).SubscriptionId)} --resource-group {ShellWord.Quote(Group(site).ResourceGroup)} "
            + $"--server {ShellWord.Quote(Group(site).ParentName)} --name {ShellWord.Quote(Group(site).Name)} --query '[replicationRole, replicationState]' --output tsv # expect CATCH_UP, or Secondary",
    ];

    /// <summary>The group on the server of a site.</summary>
    public static ResourceId Group(FenceSite site) => ((SqlGroupStore)site.Store).In(site.Region);
}
