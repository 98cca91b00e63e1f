using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.StopPostgres;

/// <summary>The kind of <see cref="StopPostgresFence"/>.</summary>
internal sealed class StopPostgresFenceKind : FenceKind<StopPostgresFence, StopPostgresWorker>
{
    private const string Type = "Microsoft.DBforPostgreSQL/flexibleServers";

    public override string Name => "stop-postgres";

    public override string Summary =>
        "Resource Manager confirms that the region's PostgreSQL server is stopped, or follows another one; only a forced promotion can follow. Azure starts a stopped server again after seven days.";

    public override StoreFence Build(StepFieldValues values) => new StopPostgresFence();

    public override string? Misfit(DataStore store, Region? primary) =>
        store is PostgresStore ? null : $"is {Name}, which stops a PostgreSQL server, and the store is none; expected another kind.";

    public override string? Contradiction(FenceSite site, RunbookStep later) =>
        later is PromotePostgresStep { Mode: not PostgresPromotion.Forced } promote && promote.Server == ((PostgresStore)site.Store).In(site.Other)
            ? $"has mode {PromotePostgresStepKind.Word(promote.Mode)}, which needs '{Server(site).Name}' running, and the fence of '{site.Store.Name}' before it stops that; expected mode: forced, or another fence."
            : null;

    public override string Target(FenceSite site) => Server(site).Value;

    public override TimeSpan Estimate(FenceSite site) => TimeSpan.FromMinutes(2);

    public override IEnumerable<RequiredPermission> Permissions(FenceSite site)
    {
        var server = Server(site);
        return
        [
            new RequiredPermission($"{Type}/read", server.Value),
            new RequiredPermission($"{Type}/stop/action", server.Value),
            new RequiredPermission($"{Type}/start/action", server.Value),
            new RequiredPermission("Microsoft.DBforPostgreSQL/locations/azureAsyncOperation/read", server.Subscription),
            new RequiredPermission("Microsoft.DBforPostgreSQL/locations/operationResults/read", server.Subscription),
        ];
    }

    public override string Describe(FenceSite site) => $"stop the PostgreSQL server {Server(site).Name} and wait until Resource Manager confirms it";

    public override IEnumerable<string> AzCommands(FenceSite site)
    {
        var server = ShellWord.Quote(Server(site).Value);
        return
        [
            $"az postgres flexible-server stop --ids {server}",
            $"az postgres flexible-server show --ids {server} --query state --output tsv # expect Stopped before going on",
        ];
    }

    /// <summary>The server of a site.</summary>
    public static ResourceId Server(FenceSite site) => ((PostgresStore)site.Store).In(site.Region);
}
