using System.Globalization;
using DrFunctions.App.Deployments;
using DrFunctions.Cloud.Clocks;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.App.Clocks;

/// <summary>Machines whose clocks are ten minutes apart, one after the other in the middle of one run.</summary>
public sealed class TwoClocksTests
{
    private static readonly TimeSpan s_apart = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Run_MovesBetweenMachinesTenMinutesApart_WaitsAsLongAsItShouldAndActsOnce(int minutes)
    {
        var began = TimeProvider.System.GetUtcNow();
        await using var app = await Deployment.StartAsync(Machine(TimeSpan.FromMinutes(minutes)), time => new StorageClock(time));
        await app.PrepareAsync(app.Plan.With(
            "    - fence: { region: primary }\n    - restore: { store: files, region: secondary }\n    - startWebApp: { region: secondary }\n",
            "    - fence: { region: primary }\n    - approval: { question: Go on?, expiry: 5m }\n    - restore: { store: files, region: secondary }\n    - startWebApp: { region: secondary, timeout: 5m }\n"));
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        var run = await app.Api.StartAsync();
        await app.Api.RunAsync(run, seen => seen["steps.1.summary"].StartsWith("ApprovalPending", StringComparison.Ordinal), "waits for approval");

        // What was asked on one machine is answered on another, within the five minutes that all of them mean.
        await app.ReplaceAsync(Machine(TimeSpan.Zero));
        var word = await app.Api.As("anna").PostAsync($"api/runs/{run}/approvals", new { decision = "approve", reason = "agreed" });
        Assert.True(word.Status == 201, word.ToString());
        await app.Api.RunAsync(run, seen => seen["steps.3.summary"].StartsWith("HealthPending", StringComparison.Ordinal), "waits for the standby");

        await app.ReplaceAsync(Machine(TimeSpan.FromMinutes(minutes)));
        await app.Cloud.SetRegionDarkAsync("northeurope", false);
        var ended = await app.Api.EndedAsync(run);

        Assert.True(ended["state"] == "completed", ended.ToString());
        var entries = (await app.Api.GetAsync($"api/runs/{run}/evidence")).List("entries")
            .Select(entry => DateTimeOffset.Parse(entry.GetProperty("at").GetString()!, CultureInfo.InvariantCulture)) // every entry has its time
            .ToList();
        Assert.Equal(entries.Order(), entries);
        Assert.InRange(entries[0], began - TimeSpan.FromSeconds(5), TimeProvider.System.GetUtcNow());
        Assert.InRange(entries[^1], began, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5));
        Assert.InRange(double.Parse(ended["attained.rtoSeconds"], CultureInfo.InvariantCulture), 0, (TimeProvider.System.GetUtcNow() - began).TotalSeconds + 5);
        Assert.Equal(
            ["POST shop-westeurope/stop", "POST shop-northeurope/start", "PUT shop"],
            app.Cloud.ReadRequests(new RequestFilter { Wire = "resource-manager", Path = "/providers/" }).Requests
                .Where(request => request.Method != "GET").Select(request => $"{request.Method} {string.Join('/', request.Path.Split('/')[8..])}"));
    }

    [Fact]
    public async Task PausedRun_MovesToAMachineTenMinutesAhead_WaitsForItsPersonAllTheSame()
    {
        await using var app = await Deployment.StartAsync(Machine(-s_apart), time => new StorageClock(time));
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.PrepareAsync(app.Plan
            .With("startWebApp: { region: secondary }", "startWebApp: { region: secondary, timeout: 2s }")
            .With("  failover:\n", "  failover:\n    pauseLimit: 5m\n    steps:\n"));
        var run = await app.Api.StartAsync();
        await app.Api.RunAsync(run, seen => seen["state"] == "paused", "paused");

        await app.ReplaceAsync(Machine(TimeSpan.Zero));
        await app.Api.ApplyAsync("other", app.Plan.For("other").Steps("wait: { for: 1s }").Yaml);
        Assert.Equal("completed", (await app.Api.EndedAsync(await app.Api.StartAsync("other")))["state"]); // it is at work
        await app.Cloud.SetRegionDarkAsync("northeurope", false);
        var retried = await app.Api.PostAsync(
            $"api/runs/{run}/decisions", new { kind = "retry", step = "startWebApp", reason = "it is back", parameters = new { timeout = "5m" } });

        Assert.True(retried.Status == 202, retried.ToString());
        var ended = await app.Api.EndedAsync(run);
        Assert.True(ended["state"] == "completed", ended.ToString());
    }

    private static ShiftedTime Machine(TimeSpan ahead) => new(TimeProvider.System.GetUtcNow() + ahead);
}
