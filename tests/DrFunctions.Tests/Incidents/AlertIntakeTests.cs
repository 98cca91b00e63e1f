using System.Collections.Concurrent;
using DrFunctions.App.Deployments;
using DrFunctions.App.Durable;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Recovery.Signals.Unreadable;
using DrFunctions.Testing.Files;
using DrFunctions.Testing.Recovery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.App.Incidents;

/// <summary>An alert about a region, which concerns every workload there, and a process that may die anywhere.</summary>
public sealed class AlertIntakeTests
{
    private static readonly string[] s_workloads = ["one", "three", "two"];

    [Fact]
    public async Task Take_RegionAlertKilledAtAnyCall_LosesNobodyWhoseSignalIsStoredAndEndsWhenItComesAgain()
    {
        var calls = await CountAsync();
        Assert.InRange(calls, 20, 200);
        for (var fatal = 1; fatal <= calls; fatal++)
        {
            var scene = await SceneAsync();
            var made = 0;
            scene.Interception.Around = (_, _) => Interlocked.Increment(ref made) >= fatal ? throw new KilledException($"at {fatal}") : Task.CompletedTask;
            await Assert.ThrowsAsync<KilledException>(() => scene.TakeAsync());
            scene.Interception.Around = (_, _) => Task.CompletedTask;

            // Another process: a signal that is stored waits for an incident until one has it, so that the tick wakes it.
            foreach (var workload in s_workloads)
            {
                var stored = await scene.Documents.ListAsync($"signals/{workload}/", default).CountAsync();
                Assert.InRange(stored, 0, 1);
                Assert.Equal(stored == 1, await scene.Incidents.HasWorkAsync(workload, default));
                Assert.True(stored == 1 || !scene.Client.Instances.Contains($"incident-{workload}"), $"{workload} was woken for nothing when killed at {fatal}.");
            }

            // It was never answered, so it comes again.
            var found = await (scene with { Intake = scene.AnotherProcess() }).TakeAsync();

            Assert.Equal(s_workloads, found.Select(one => one.Workload));
            Assert.Equal(["incident-one", "incident-three", "incident-two"], scene.Client.Instances);
            foreach (var workload in s_workloads)
            {
                Assert.Single(await scene.Signals.ReadUnattachedAsync(workload, default));
            }
        }
    }

    [Fact]
    public async Task Take_OneWorkloadsSignalCannotBeStored_ReachesTheOthersAndComesAgain()
    {
        var scene = await SceneAsync();
        scene.Interception.Around = (call, _) => call.StartsWith("TryCreate signals/three/", StringComparison.Ordinal)
            ? throw new DocumentStoreException("refused", isTransient: true)
            : Task.CompletedTask;

        await Assert.ThrowsAsync<DocumentStoreException>(() => scene.TakeAsync());

        Assert.Equal(["incident-one", "incident-two"], scene.Client.Instances);
    }

    [Fact]
    public async Task Take_RegionAlertWhileAPlanCannotBeRead_ReachesTheOthersAndComesAgain()
    {
        var scene = await SceneAsync();
        await scene.Documents.TryCreateAsync("plans/zero/current", "{"u8.ToArray(), default);

        var refused = await Assert.ThrowsAsync<RecoveryException>(() => scene.TakeAsync());

        Assert.Equal("DocumentUnreadable", refused.Code);
        Assert.Equal(3, scene.Client.Instances.Count);
        Assert.Empty(await scene.Documents.ListAsync("signals/_/", default).ToListAsync());
    }

    [Fact]
    public async Task Take_AStormOfOneAlert_AsksTheStoreOnceForMany()
    {
        var scene = await SceneAsync();
        await scene.TakeAsync();
        var calls = new ConcurrentBag<string>();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var kept = new KeptSignals();
        scene.Interception.Around = async (call, moment) =>
        {
            if (moment == Moment.Before)
            {
                calls.Add(call);

                // The first look lasts until all have asked for one, the first wake until all are about to.
                await (call.StartsWith("Get incident-", StringComparison.Ordinal) ? kept.All : asked.Task);
            }
        };
        var intake = scene with { Intake = scene.AnotherProcess(kept) };

        for (var wave = 0; wave < 10; wave++)
        {
            asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            kept.Expect(100 * s_workloads.Length);
            var taken = Enumerable.Range(0, 100).Select(_ => intake.TakeAsync()).ToList();
            asked.SetResult();
            await Task.WhenAll(taken);
        }

        // A listing for the first and one for all others, and of the signals only what another process knew.
        Assert.InRange(calls.Count(call => call.StartsWith("List", StringComparison.Ordinal)), 10, 20);
        Assert.InRange(calls.Count, 20, 500);
    }

    private static async Task<int> CountAsync()
    {
        var scene = await SceneAsync();
        var calls = 0;
        scene.Interception.Around = (_, _) =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        };
        await scene.TakeAsync();
        return calls;
    }

    private static async Task<Scene> SceneAsync()
    {
        var interception = new Interception();
        var documents = new InterceptedDocumentStore(interception);
        var signals = new SignalLog(documents);
        var scene = new Scene(
            interception, documents, signals, new IncidentLog(documents, signals, new WorkloadStates(documents), new MovableClock()), new MemoryTaskClient(interception), null!); // set below
        var plan = new ShopPlan(await File.ReadAllTextAsync(RepositoryRoot.Combine("samples", "shop.yaml")));
        var plans = new PlanStore(documents, new MovableClock());
        foreach (var workload in s_workloads)
        {
            await plans.ApplyAsync(plan.For(workload).Yaml, workload, default);
        }

        return scene with { Intake = scene.AnotherProcess() };
    }

    private sealed record Scene(
        Interception Interception,
        InterceptedDocumentStore Documents,
        SignalLog Signals,
        IncidentLog Incidents,
        MemoryTaskClient Client,
        AlertIntake Intake)
    {
        public Task<IReadOnlyList<Correlation>> TakeAsync() =>
            Intake.TakeAsync(Alerts.Region("azure", "West Europe", MovableClock.Start), Client, default);

        public AlertIntake AnotherProcess(ILogger<AlertIntake>? logger = null)
        {
            var clock = new MovableClock();
            return new AlertIntake(
                new PlanIndex(Documents, new PlanStore(Documents, clock)), new SignalLog(Documents), new UnreadableIncidents(Documents, clock), new ControlAuthority(new ControlIdentity("here", "northeurope", false, null), new DocumentReplicas([new("control", Documents)]), clock), clock, logger ?? NullLogger<AlertIntake>.Instance);
        }
    }

    /// <summary>Counts the signals that were kept, which is logged before their workload is woken.</summary>
    private sealed class KeptSignals : ILogger<AlertIntake>
    {
        private TaskCompletionSource _all = new();
        private int _left;

        public Task All => _all.Task;

        public void Expect(int count) => (_all, _left) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), count);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 2001 && Interlocked.Decrement(ref _left) == 0)
            {
                _all.SetResult();
            }
        }
    }
}
