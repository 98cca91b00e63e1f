using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Runs;
using DrFunctions.Simulator;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>
/// Every write of a run has its effect, and its answer is lost: each step reads what became of it. One that asks again is refused while
/// the first is under way, so that each has its effect once.
/// </summary>
public sealed class LostAnswersTests
{
    private const string Account = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts";

    [Theory]
    [InlineData("cold.yaml", "POST shop-westeurope/stop", "PUT dr-shop-failover-deploy", "PUT shop-restored", "POST shop-northeurope/start", "PUT shop")]
    [InlineData("warm.yaml", "POST shop-westeurope/stop", "PUT standby", "PATCH shop-northeurope", "POST shop-northeurope/start", "PUT shop")]
    [InlineData("hot.yaml", "POST shop-westeurope/stop", "PATCH shop-northeurope", "POST shop/forceFailoverAllowDataLoss", "POST shopfiles/failover", "POST shop-northeurope/start", "PUT shop")]
    [InlineData("fences.yaml", "POST shop-westeurope/stop", "PATCH shop-northeurope", "POST shop/failover", "POST shop-northeurope/start", "PUT shop")]
    public async Task Run_WhoseAnswersAreLost_HasEachEffectOnce(string file, params string[] writes) => await AssertOnceAsync(file, writes);

    [Fact]
    public async Task Fence_WhoseClosedAccountWasNotAnswered_ClosesItOnce() => await AssertOnceAsync(
        "warm.yaml",
        ["PATCH shopfiles", "PUT standby", "PATCH shop-northeurope", "POST shop-northeurope/start", "PUT shop"],
        yaml => yaml
            .Replace("WESTEUROPE_STORAGE, container: files }", $"WESTEUROPE_STORAGE, container: files, account: {Account}/shopfiles }}", StringComparison.Ordinal)
            .Replace("NORTHEUROPE_STORAGE, container: files }", $"NORTHEUROPE_STORAGE, container: files, account: {Account}/shopnorth }}", StringComparison.Ordinal)
            .Replace("fence: stop-web-app", "fence: close-storage", StringComparison.Ordinal));

    private static async Task AssertOnceAsync(string file, string[] writes, Func<string, string>? change = null)
    {
        var scenario = SampleCloud.Scenario with
        {
            Sites = [.. SampleCloud.Scenario.Sites.Select(site => site.Region == "northeurope" ? site with { State = SiteStatus.Stopped } : site)],
        };
        await using var scene = await SimulatedRuns.StartAsync(file, scenario, change);
        scene.Core.Leases.Records["shop/writers.json"] = new WriteLeaseRecord(1, 0, "westeurope", "", 30);
        scene.Cloud.AddFaults([.. writes.Select(write => new Fault
        {
            On = FaultTarget.ResourceManager,
            Kind = FaultKind.Drop,
            Phase = FaultPhase.After,
            Method = write.Split(' ')[0],
            Path = $"/{write.Split(' ')[1]}$",
            Count = 1,
        })]);

        var run = await scene.RunAsync("failover");

        Assert.True(run.State == RunState.Completed, $"{run.Pause?.Message} {run.Steps.FirstOrDefault(step => step.Error is not null)}");
        Assert.Equal(10, await scene.CountUsersAsync("northeurope", 10));
        var effects = scene.Cloud.ReadRequests(new RequestFilter { Wire = "resource-manager", Path = "/providers/" }).Requests
            .Where(request => request.Method != "GET" && request.Status is null or < 300)
            .ToList();
        Assert.Equal(writes, effects.Select(request => $"{request.Method} {string.Join('/', Names(request.Path))}"));
        Assert.All(effects, request => Assert.Null(request.Status));
    }

    // The resource's own name, and the action.
    private static string[] Names(string path)
    {
        var parts = path.Split('/')[6..];
        return parts.Length % 2 == 0 ? parts[^2..] : parts[^1..];
    }
}
