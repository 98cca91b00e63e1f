using DrFunctions.App.Deployments;

namespace DrFunctions.App.Runs;

public sealed class LateRunTests(WaitingFixture fixture) : IClassFixture<WaitingFixture>
{
    [Fact]
    public async Task Run_ThatGoesOn_SaysWhenItIsExpectedToFinish()
    {
        var run = await fixture.Api.GetAsync($"api/runs/{await fixture.Api.StartAsync(await fixture.ApplyAsync())}");

        Assert.Equal(("1", "0", "False"), (run["projection.stepsLeft"], run["projection.stepsMeasured"], run["projection.passesRto"]));
        Assert.NotEqual("", run["projection.finishAt"]);
    }

    [Fact]
    public async Task Tick_ARunThatWillPassItsRto_IsRecordedAndLoggedOnce()
    {
        var workload = fixture.NextWorkload();
        await fixture.Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Waiting().With("rto: 1h", "rto: 31s").Yaml);
        var run = await fixture.Api.StartAsync(workload);

        await fixture.App.TickAsync();
        await fixture.App.TickAsync();

        var evidence = await fixture.Api.GetAsync($"api/runs/{run}/evidence");
        Assert.Single(evidence.List("entries"), entry => entry.GetProperty("kind").GetString() == "projectionPassedRto");
        Assert.Single(fixture.App.Logs.Texts, text => text.Contains($"The run {run} of {workload} is expected to finish at", StringComparison.Ordinal));
        Assert.Contains("| projection passed rto |", (await fixture.Api.GetAsync($"api/runs/{run}/report")).Text, StringComparison.Ordinal);
    }
}
