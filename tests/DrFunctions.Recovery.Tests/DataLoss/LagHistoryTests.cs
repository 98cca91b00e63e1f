using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Probes;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.DataLoss;

public sealed class LagHistoryTests
{
    [Fact]
    public async Task Add_EveryMinuteForThreeDays_KeepsSixtyAnHourForFortyEightHours()
    {
        var scene = new RecoveryScene();
        for (var minute = 0; minute < 72 * 60; minute++)
        {
            Assert.True(await scene.History.AddAsync("shop", Sample(minute), default));
        }

        Assert.Equal(LagHistory.Hours, await scene.Documents.ListAsync("lag/shop/", default).CountAsync());
        var all = await scene.History.ReadAsync("shop", Sample((72 * 60) - 1).At, TimeSpan.FromDays(9), default);
        Assert.Equal((48 * 60, Sample(24 * 60).At), (all.Count, all[0].At));
        Assert.Equal(all.OrderBy(sample => sample.At), all);
    }

    [Fact]
    public async Task Add_TwiceInAMinute_KeepsTheFirst()
    {
        var scene = new RecoveryScene();

        Assert.True(await scene.History.AddAsync("shop", Sample(0), default));
        Assert.False(await scene.History.AddAsync("shop", Sample(0) with { At = Sample(0).At + TimeSpan.FromSeconds(59), Primary = ProbeFinding.Dead }, default));
        Assert.True(await scene.History.AddAsync("other", Sample(0), default));

        Assert.Equal(ProbeFinding.Healthy, Assert.Single(await scene.History.ReadAsync("shop", Sample(0).At, TimeSpan.Zero, default)).Primary);
    }

    [Fact]
    public async Task Add_ManyAtOnce_LosesNone()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var scene = new RecoveryScene();
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;

            await interleaving.RunAsync([.. Enumerable.Range(0, 5).Select(minute => (Func<Task>)(() => scene.History.AddAsync("shop", Sample(minute % 4), default)))]);

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            Assert.Equal(4, (await scene.History.ReadAsync("shop", Sample(5).At, TimeSpan.Zero, default)).Count);
        }
    }

    [Fact]
    public async Task Sample_TheSourceDoesNotAnswer_KeepsUnknownWithTheReason()
    {
        var scene = new RecoveryScene { Lag = { IsSilent = true }, Probe = { Dark = { Recovery.Workloads.RegionRole.Primary } } };

        var sample = await scene.Sampler.SampleAsync(scene.Plan, default);

        Assert.Equal((ProbeFinding.Dead, (DateTimeOffset?)null, "LagUnavailable: no answer"), (sample!.Primary, sample.Stores[0].SafeUntil, sample.Stores[0].Trouble));
        Assert.Equivalent(sample, Assert.Single(await scene.History.ReadAsync("shop", sample.At, TimeSpan.Zero, default)), strict: true);
        Assert.Null(await scene.Sampler.SampleAsync(scene.Plan, default));
    }

    [Fact]
    public async Task Estimate_TheSourceIsSilent_TakesASampleOnlyWhereThePlanSaysSo()
    {
        var plan = Builders.APlan().Build();
        var trusting = plan with { Incidents = plan.Incidents with { OldestSample = TimeSpan.FromMinutes(10) } };
        var scene = new RecoveryScene(plan);
        await scene.Sampler.SampleAsync(plan, default);
        scene.Lag.IsSilent = true;
        scene.Clock.Advance(TimeSpan.FromMinutes(9));

        Assert.Null((await scene.Sampler.EstimateAsync(plan, default)).Loss);
        Assert.Equal(10, (await scene.Sampler.EstimateAsync(trusting, default)).Loss!.Value.TotalMinutes, 0.01);
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null((await scene.Sampler.EstimateAsync(trusting, default)).Loss);
    }

    private static LagSample Sample(int minute)
    {
        var at = MovableClock.Start + TimeSpan.FromMinutes(minute);
        return new LagSample(at, ProbeFinding.Healthy, [new LagReading("files", "fake", at, null)]);
    }
}
