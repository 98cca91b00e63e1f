using DrFunctions.App.Deployments;

namespace DrFunctions.App.Runs;

public sealed class PausedRunTests
{
    [Fact]
    public async Task Run_PausedAtAStep_IsRetriedWithALongerTimeoutAndCompletes()
    {
        await using var app = await Deployment.StartAsync();
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.PrepareAsync(app.Plan.With("startWebApp: { region: secondary }", "startWebApp: { region: secondary, timeout: 2s }"));
        var id = await app.Api.StartAsync();
        var paused = await app.Api.RunAsync(id, seen => seen["state"] == "paused", "paused");
        var plan = await app.Api.GetAsync("api/plans/shop");
        Assert.Equal(("held", "paused", "startWebApp"), (plan["lock.state"], plan["lock.runState"], plan["lock.pause.step"]));
        var other = await app.Api.PostAsync($"api/runs/{id}/decisions", new { kind = "retry", step = "fence", reason = "r" });
        var wrong = await app.Api.PostAsync(
            $"api/runs/{id}/decisions", new { kind = "retry", step = "startWebApp", reason = "r", parameters = new { timeout = "soon" } });
        await app.Cloud.SetRegionDarkAsync("northeurope", false);

        var answer = await app.Api.PostAsync(
            $"api/runs/{id}/decisions", new { kind = "retry", step = "startWebApp", reason = "it is back", parameters = new { timeout = "5m" } });
        var ended = await app.Api.EndedAsync(id);

        Assert.Equal(("StepTimedOut", "startWebApp"), (paused["pause.code"], paused["pause.step"]));
        Assert.Equal((409, "StepNotWaiting"), (other.Status, other.Code));
        Assert.Equal((400, "StepFieldsInvalid"), (wrong.Status, wrong.Code));
        Assert.Contains("timeout", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(202, answer.Status);
        Assert.Equal("completed", ended["state"]);
        Assert.Contains("# failover of shop: completed", (await app.Api.GetAsync($"api/runs/{id}/report")).Text, StringComparison.Ordinal);
    }
}
