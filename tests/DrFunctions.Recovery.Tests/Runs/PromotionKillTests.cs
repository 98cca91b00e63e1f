using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.Steps.RestorePostgres;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Tests.Fences;
using DrFunctions.Recovery.Tests.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

/// <summary>
/// Runs that bring databases and accounts along, killed at every call and with every answer lost: each effect once, and a loss that is never
/// shown as less than it was.
/// </summary>
public sealed class PromotionKillTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_behind = TimeSpan.FromSeconds(40);
    private static readonly ResourceId s_restored = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "orders-restored");

    /// <summary>What is promoted; what the world sees of it; how much of the data that was there when it began is lost, null for nobody knows.</summary>
    public static TheoryData<string, string, int?> Promotions => new()
    {
        { "planned", "promote orders-ne Planned", 0 },
        { "forced", "promote orders-ne Forced", 40 },
        { "switchover", "promote orders-ne Switchover", 0 },
        { "forcedSwitchover", "promote orders-ne ForcedSwitchover", 40 },
        { "home", "promote orders-we ForcedSwitchover", 40 },
        { "storage planned", "fail fileswe over planned", 0 },
        { "storage unplanned", "fail fileswe over unplanned", 40 },
        { "sql planned", "fail ledger over planned", 0 },
        { "sql forced", "fail ledger over forced", null },
        { "restore", "restore orders-restored elsewhere", 300 },
    };

    [Theory]
    [MemberData(nameof(Promotions))]
    public async Task Run_KilledAtAnyCall_PromotesOnceAndNeverClaimsMoreThanArrived(string what, string effect, int? lost)
    {
        var calls = await Kills.AtEveryCallAsync(() => Scene(what), PlayAsync, (scene, where) => CheckAsync(scene, $"{what} {where}", effect, lost));

        Assert.InRange(calls, 45, 300);
    }

    [Theory]
    [MemberData(nameof(Promotions))]
    public async Task Run_AnyAnswerLost_PromotesOnceAndNeverClaimsMoreThanArrived(string what, string effect, int? lost)
    {
        var calls = await Kills.AtEveryCallAsync(
            () => Scene(what),
            PlayAsync,
            (scene, where) => CheckAsync(scene, $"{what} {where}", effect, lost),
            where => new RecoveryException("AnswerLost", where, isTransient: true, "wait"));

        Assert.InRange(calls, 45, 300);
    }

    private static RecoveryScene Scene(string what)
    {
        var (orders, web) = (FenceScene.Server, new StopWebAppFence());
        var database = new PostgresStore("orders", orders, FenceScene.Replica, web);
        var files = new ContainerStore("files", new("SHOP_PRIMARY", "files"), new("SHOP_SECONDARY", "files"), web) { PrimaryAccount = FenceScene.Account };
        var scene = what switch
        {
            "planned" => Promote(PostgresPromotion.Planned),
            "forced" => Promote(PostgresPromotion.Forced),
            "switchover" => Promote(PostgresPromotion.Switchover),
            "forcedSwitchover" => Promote(PostgresPromotion.ForcedSwitchover),
            "home" => FenceScene.GoingHome(database, new PromotePostgresStep("promote", s_limit, RegionRole.Primary, orders, PostgresPromotion.ForcedSwitchover)),
            "storage planned" or "storage unplanned" => FenceScene.Promoting(
                files, new FailoverStorageStep("promote", s_limit, RegionRole.Secondary, FenceScene.Account, what == "storage planned")),
            "sql planned" => FenceScene.Promoting(
                new SqlGroupStore("ledger", FenceScene.Group, FenceScene.OtherGroup, new FailoverGroupFence()),
                new FailoverSqlGroupStep("promote", s_limit, RegionRole.Secondary, FenceScene.OtherGroup, IsPlanned: true)),
            "sql forced" => FenceScene.Promoting(
                new SqlGroupStore("ledger", FenceScene.Group, FenceScene.OtherGroup, web),
                new FailoverSqlGroupStep("promote", s_limit, RegionRole.Secondary, FenceScene.OtherGroup, IsPlanned: false)),
            _ => FenceScene.Promoting(database, new RestorePostgresStep("promote", s_limit, RegionRole.Secondary, orders, s_restored, TimeSpan.FromMinutes(5))),
        };
        scene.Azure.Readers.Add("orders-ne");
        scene.Azure.Servers[orders] = scene.Azure.Servers[orders] with { EarliestRestore = MovableClock.Start.AddDays(-7) };
        scene.Azure.Accounts[FenceScene.Account] = new GeoAccount("Standard_GRS", "westeurope", "northeurope", false, null, new GeoCopy("Live", MovableClock.Start - s_behind, true, true));

        // Whoever is asked may not answer: then the minute's sample counts.
        var sample = new LagSample(
            MovableClock.Start.AddSeconds(-30), ProbeFinding.Healthy, [new LagReading("orders", "postgres-replication", MovableClock.Start.AddSeconds(-30) - s_behind, null)])
        { Epoch = 0 };
        Assert.True(scene.History.AddAsync("shop", sample, default).IsCompletedSuccessfully);

        // The replica is ever so far behind, and nobody says anything of a server that follows no other.
        var standby = what == "home" ? orders : FenceScene.Replica;
        scene.Replication.Ask = () => scene.Azure.Servers[standby].Role == ReplicationRole.Replica ? scene.Clock.GetUtcNow() - s_behind : null;
        return scene;

        RecoveryScene Promote(PostgresPromotion mode) =>
            FenceScene.Promoting(database, new PromotePostgresStep("promote", s_limit, RegionRole.Secondary, FenceScene.Replica, mode));
    }

    private static async Task PlayAsync(RecoveryScene scene)
    {
        var request = scene.Plan.Runbooks.ContainsKey("failback") ? scene.Request(runbook: "failback", mode: RunMode.Planned) : scene.Request();
        for (var isAnswered = false; !isAnswered;)
        {
            try
            {
                // Whoever asked for the run and got no answer asks again; the tick finds its lock.
                await scene.Starts.StartAsync(request, default);
                await new RunDriver(scene).TickAsync();
                isAnswered = true;
            }
            catch (RecoveryException exception) when (exception.Code == "AnswerLost")
            {
            }
        }
    }

    private static async Task CheckAsync(RecoveryScene scene, string where, string effect, int? lost)
    {
        var entries = await scene.Journal.ReadAsync("shop-run-1", default);
        var run = RunViews.Of(entries);
        Assert.True(run.State == RunState.Completed, $"{where}: {run.State} {run.EndReason} {run.Steps.FirstOrDefault(step => step.Error is not null)}");
        var (from, to) = scene.Plan.Runbooks.ContainsKey("failback") ? ("northeurope", "westeurope") : ("westeurope", "northeurope");
        string[] expected = [.. effect.StartsWith("fail ledger over planned", StringComparison.Ordinal) ? [] : new[] { $"stop shop-{from}" }, effect, $"start shop-{to}", $"shift to {to}"];
        Assert.True(expected.SequenceEqual(scene.Effects), $"{where}: {string.Join(", ", scene.Effects)}");
        Assert.True(EvidenceChain.Verify(entries).IsIntact, where);

        var store = Assert.Single(run.Attained.Stores);
        Assert.Equal((store.RpoSeconds, store.Rpo, store.RestorePoint), (run.Attained.RpoSeconds, run.Attained.Rpo, run.Attained.RestorePoint));
        if (lost is not { } seconds)
        {
            Assert.True(store is { RpoSeconds: null, Rpo: ObjectiveVerdict.Unknown }, $"{where}: {store}");
            return;
        }

        // What was there when the effect began, less what it loses. What is restored or copied by a time of its own has that time.
        var begun = scene.Azure.Begun[effect];
        var arrived = effect.StartsWith("restore", StringComparison.Ordinal) || effect.EndsWith("unplanned", StringComparison.Ordinal)
            ? MovableClock.Start.AddSeconds(-seconds) : begun.AddSeconds(-seconds);
        var fenced = entries.Single(entry => entry.Kind == JournalKind.StepCompleted && entry.Step == 0).At;
        Assert.True(store.RestorePoint <= arrived, $"{where}: {store.RestorePoint:O} is claimed, {arrived:O} arrived");
        Assert.True(arrived - store.RestorePoint < TimeSpan.FromMinutes(3), $"{where}: {store.RestorePoint:O} is claimed, {arrived:O} arrived");
        Assert.Equal(Math.Max(0, (fenced - store.RestorePoint!.Value).TotalSeconds), store.RpoSeconds!.Value, 3); // It is known by now.
    }
}
