using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Objectives.Advice;
using DrFunctions.Recovery.Objectives.Impact;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.Workloads;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Objectives.Advice;

public sealed class PlanAdvisorTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Advise_APlanThatIsMeasuredAndFits_FindsNothing() => Assert.Empty(Findings(APlan().Build(), Measured()));

    [Fact]
    public void Advise_AWeakerStrategyThanTheObjectivesAskFor_FallsShort()
    {
        var plan = APlan().WithObjectives(15 * Minute, 5 * Minute).Build();

        var finding = Single(plan, AdviceCodes.StrategyTooWeak);

        Assert.Equal(AdviceKind.FallsShort, finding.Kind);
        Assert.Equal("warm: RTO 5 m is under 15 m, because what is deployed must be started, scaled and filled first. Expected hot-standby.", finding.Message);
        Assert.Equal(Strategy.HotStandby, PlanAdvisor.Advise(plan, Measured()).Advised.Reach.Strategy);
    }

    [Fact]
    public void Advise_ADearerStrategy_IsNoted() => Assert.Equal(
        (AdviceKind.Note, "hot-standby is declared, and warm reaches RPO 15 m and RTO 1 h."),
        Told(APlan().Build() with { Strategy = Strategy.HotStandby }, AdviceCodes.StrategyDearer));

    [Fact]
    public void Advise_ObjectivesThatNothingReaches_FallShort() => Assert.Equal(
        (AdviceKind.FallsShort, "active-active: RTO 5 s is under 15 s, because probes and DNS take the lost region out."),
        Told(APlan().WithObjectives(15 * Minute, TimeSpan.FromSeconds(5)).Build() with { Strategy = Strategy.ActiveActive }, AdviceCodes.ObjectivesOutOfReach));

    [Fact]
    public void Advise_AnRtoThatUsesUpTheTiersDowntime_FallsShort() => Assert.Equal(
        (AdviceKind.FallsShort, "RTO 1 h, expected at most 26 m 16 s: tier high is 99.99 %, 52 m 33 s of downtime a year."),
        Told(APlan().Build() with { Tier = WorkloadTier.High, Impact = Impact(2) }, AdviceCodes.RtoAboveTier));

    [Fact]
    public void Advise_AnRtoThatTheTierAllows_FindsNothing() =>
        Assert.Empty(Findings(APlan().Build() with { Tier = WorkloadTier.Medium, Impact = Impact(0) }, Measured()));

    [Fact]
    public void Advise_ASchedulePausingLongerThanTheRpo_FallsShort() => Assert.Equal(
        (AdviceKind.FallsShort, "'*/5 * * * *' leaves up to 16 m between backups, expected at most the RPO, 15 m."),
        Told(APlan().Build(), AdviceCodes.ScheduleAboveRpo, Measured(pause: 16 * Minute)));

    [Fact]
    public void Advise_ABackupThatTakesWhatTheScheduleLeaves_FallsShort() => Assert.Equal(
        (AdviceKind.FallsShort, "'files' takes 11 m and pauses up to 5 m: data may be 16 m old, expected at most 15 m."),
        Told(APlan().Build(), AdviceCodes.BackupTooSlow, Measured(backup: 11 * Minute)));

    [Fact]
    public void Advise_ABackupThatWasNeverMeasured_IsUnknown() => Assert.Equal(
        (AdviceKind.Unknown, "How long 'files' takes to back up and copy is not measured; up to 10 m of the RPO is left for it."),
        Told(APlan().Build(), AdviceCodes.BackupTimeUnknown, Measured() with { BackupTime = new Dictionary<string, TimeSpan>() }));

    [Fact]
    public void Advise_ASecondPolicyThatFillsThePauses_IsWhatCounts()
    {
        var plan = APlan().Build();
        plan = plan with { Backups = [.. plan.Backups, new BackupPolicy("nightly", "files", "0 3 * * *", TimeZoneInfo.Utc)] };
        var pauses = new Dictionary<string, TimeSpan> { ["files"] = 5 * Minute, ["nightly"] = TimeSpan.FromDays(1) };

        Assert.Empty(Findings(plan, Measured() with { LongestPause = pauses }));
    }

    [Fact]
    public void Advise_AStoreThatNothingBacksUp_FallsShort()
    {
        var plan = APlan().Build();
        var orders = plan.Stores[0] with { Name = "orders" };
        plan = plan with { Stores = [.. plan.Stores, orders] };

        Assert.Equal("stores[1]", Single(plan, AdviceCodes.StoreWithoutBackup).Path);
        Assert.Equal((AdviceKind.Unknown, "'failover' moves users and does not bring 'orders' with them, so the RPO it attains stays unknown."), Told(plan, AdviceCodes.StoreLeftBehind));
    }

    [Fact]
    public void Advise_ADatabase_NeedsNoBackupOfOursButItsOwnPromotion()
    {
        var (west, north) = (Server("west"), Server("north"));
        var plan = APlan().Build();
        plan = plan with { Stores = [.. plan.Stores, new PostgresStore("orders", west, north, FenceKind.StopWebApp)] };

        Assert.DoesNotContain(Findings(plan, Measured()), finding => finding.Code == AdviceCodes.StoreWithoutBackup);
        var finding = Single(plan, AdviceCodes.StoreLeftBehind);
        Assert.Equal($"Add a step before users are moved: promotePostgres: {{ region: secondary, server: {north} }}.", finding.Hint);

        var promote = new PromotePostgresStep("promote", Minute, RegionRole.Secondary, north, PostgresPromotion.ForcedSwitchover);
        plan = plan with { Runbooks = new Dictionary<string, Runbook> { ["failover"] = plan.Runbooks["failover"] with { Steps = [promote, .. plan.Runbooks["failover"].Steps] } } };
        Assert.DoesNotContain(Findings(plan, Measured()), finding => finding.Code == AdviceCodes.StoreLeftBehind);

        static ResourceId Server(string name) => ResourceId.Parse($"/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforPostgreSQL/flexibleServers/{name}");
    }

    [Fact]
    public void Advise_ARunbookThatTakesLongerThanTheRto_FallsShort() => Assert.Equal(
        (AdviceKind.FallsShort, "'failover' is expected to take 1 h 5 m, expected at most the RTO, 1 h."), // five steps and the dwell
        Told(APlan().WithPolicy(policy => policy with { Dwell = 5 * Minute }).Build(), AdviceCodes.RunbookAboveRto, Measured(step: 12 * Minute)));

    [Fact]
    public void Advise_ARunbookAsLongAsTheRto_FindsNothing() =>
        Assert.Empty(Findings(APlan().WithPolicy(policy => policy with { Dwell = TimeSpan.Zero }).Build(), Measured(step: 12 * Minute)));

    [Fact]
    public void Advise_StepsThatWereNeverMeasured_AreUnknownAndNotZero()
    {
        var advice = PlanAdvisor.Advise(APlan().Build(), Measured() with { StepTime = Steps(Minute, "fence", "shiftTraffic", "prove", "startWebApp") });

        Assert.Equal(["restore"], Assert.Single(advice.Runbooks).Unknown);
        var finding = Assert.Single(advice.Findings);
        Assert.Equal((AdviceCodes.StepTimeUnknown, AdviceKind.Unknown, "runbooks.failover[1]"), (finding.Code, finding.Kind, finding.Path));
        Assert.Contains("55 m 30 s of the RTO is left.", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Advise_StepsThatWereNeverMeasured_CountAsTheirKindsUsuallyTake()
    {
        var plan = APlan().WithObjectives(15 * Minute, 12 * Minute).Build();
        var measured = Measured() with { StepTime = Steps(Minute, "fence", "shiftTraffic", "prove", "startWebApp") };

        Assert.Equal(((4 * Minute) + TimeSpan.FromSeconds(30), (14 * Minute) + TimeSpan.FromSeconds(30)), PlanAdvisor.Advise(plan, measured).Runbooks[0] is var time ? (time.Known, time.Expected) : default);
        Assert.Equal(
            (AdviceKind.Unknown, "'failover' may take 14 m 30 s: 1 of 5 steps were not measured, and count as their kinds usually take. Expected at most the RTO, 12 m."),
            Told(plan, AdviceCodes.RunbookAboveRto, measured));
    }

    [Fact]
    public void Advise_StepsSideBySide_CountOnce()
    {
        var plan = APlan().Build();
        plan = plan with
        {
            Runbooks = new Dictionary<string, Runbook>
            {
                ["failover"] = new("failover", [.. plan.Runbooks["failover"].Steps.Select((step, index) => index < 3 ? step with { Group = 1 } : step)]),
            },
        };
        var measured = Measured(step: 10 * Minute);

        Assert.Equal((30 * Minute) + TimeSpan.FromSeconds(30), PlanAdvisor.Advise(plan, measured).Runbooks[0].Known);
    }

    [Fact]
    public void Advise_ATimeoutAboveTheRto_IsNoted() => Assert.Equal(
        (AdviceKind.Note, "'restore' may take 1 h before anyone is told, expected less than the RTO, 30 m."),
        Told(APlan().WithObjectives(15 * Minute, 30 * Minute).Build(), AdviceCodes.TimeoutAboveRto));

    [Fact]
    public void Advise_ARunbookWithoutProof_IsUnknown()
    {
        var plan = APlan().Build();
        plan = plan with { Runbooks = new Dictionary<string, Runbook> { ["failover"] = new("failover", [.. plan.Runbooks["failover"].Steps.SkipLast(1)]) } };

        Assert.Equal((AdviceKind.Unknown, "'failover' moves users and never proves that they arrive, so the RTO it attains stays unknown."), Told(plan, AdviceCodes.RunbookUnproven));
    }

    [Fact]
    public void Advise_APlanWithItsImpact_ShowsWhatEachStrategyLoses()
    {
        var costs = PlanAdvisor.Advise(APlan().Build() with { Impact = Impact(1) }, Measured()).Costs;

        Assert.Equal(Enum.GetValues<Strategy>(), costs.Select(cost => cost.Strategy));
        Assert.Equal(100m, costs.Single(cost => cost.Strategy == Strategy.Warm).StandbyPerYear);
    }

    private static ImpactPlan Impact(decimal losses) => new(new BusinessImpact(1000, 0, losses), new Dictionary<Strategy, decimal> { [Strategy.Warm] = 100 });

    private static PlanMeasurements Measured(TimeSpan? pause = null, TimeSpan? backup = null, TimeSpan? step = null) => new()
    {
        LongestPause = new Dictionary<string, TimeSpan> { ["files"] = pause ?? (5 * Minute) },
        BackupTime = new Dictionary<string, TimeSpan> { ["files"] = backup ?? Minute },
        StepTime = Steps(step ?? Minute, "fence", "restore", "startWebApp", "shiftTraffic", "prove"),
    };

    private static Dictionary<(string Runbook, string Step), TimeSpan> Steps(TimeSpan time, params string[] names) =>
        names.ToDictionary(name => ("failover", name), _ => time);

    private static IReadOnlyList<AdviceFinding> Findings(WorkloadPlan plan, PlanMeasurements measured) => PlanAdvisor.Advise(plan, measured).Findings;

    private static AdviceFinding Single(WorkloadPlan plan, string code, PlanMeasurements? measured = null) =>
        Assert.Single(Findings(plan, measured ?? Measured()), finding => finding.Code == code);

    private static (AdviceKind Kind, string Message) Told(WorkloadPlan plan, string code, PlanMeasurements? measured = null) =>
        Single(plan, code, measured) is var finding ? (finding.Kind, finding.Message) : default;
}
