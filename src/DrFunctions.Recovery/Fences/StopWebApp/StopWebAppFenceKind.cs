using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.StopWebApp;

/// <summary>The kind of <see cref="StopWebAppFence"/>.</summary>
internal sealed class StopWebAppFenceKind : FenceKind<StopWebAppFence, StopWebAppWorker>
{
    public override string Name => "stop-web-app";

    public override string Summary => "Resource Manager confirms that the region's web app, the only writer, is stopped.";

    public override StoreFence Build(StepFieldValues values) => new StopWebAppFence();

    public override string? Misfit(DataStore store, Region? primary) => null;

    public override string Target(FenceSite site) => site.Fenced.WebApp.Value;

    public override TimeSpan Estimate(FenceSite site) => TimeSpan.FromSeconds(15);

    public override IEnumerable<RequiredPermission> Permissions(FenceSite site)
    {
        var app = site.Fenced.WebApp.Value;
        return
        [
            new RequiredPermission("Microsoft.Web/sites/read", app),
            new RequiredPermission("Microsoft.Web/sites/stop/action", app),
            new RequiredPermission("Microsoft.Web/sites/start/action", app),
        ];
    }

    public override string Describe(FenceSite site) => $"stop {site.Fenced.WebApp.Name} in {site.Fenced.Name} and wait until Resource Manager confirms it";

    public override IEnumerable<string> AzCommands(FenceSite site)
    {
        var app = ShellWord.Quote(site.Fenced.WebApp.Value);
        return [$"az webapp stop --ids {app}", $"az webapp show --ids {app} --query state --output tsv # expect Stopped before going on"];
    }
}
