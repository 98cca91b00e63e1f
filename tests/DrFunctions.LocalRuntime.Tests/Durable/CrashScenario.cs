using System.Collections.Concurrent;
using System.Globalization;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>
/// One orchestration with everything in it, in a process whose store goes wrong at one call. The world outside, a process of its
/// own, asks again until it has been heard, as a person or a trigger would. An effect is its key in a set that survives.
/// </summary>
internal sealed class CrashScenario : IAsyncDisposable
{
    private const string Expected = "a0 a1 | 70000 | kid:k | b0,b1,b2 | retried | go | heard | ended | c";
    private static readonly string[] Keys = ["a0", "a1", "b0", "b1", "b2", "c", "k", "large", "retried"];
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly DurableWorld _world = new();
    private readonly ConcurrentDictionary<string, int> _effects = new();
    private readonly FaultyStore _store;
    private readonly StoreFault? _fault;
    private readonly List<string> _problems = [];
    private DurableWorld.Host? _host;

    private CrashScenario(StoreFault? fault)
    {
        _fault = fault;
        _store = new FaultyStore(_world.Store) { Fault = fault };
        DefineApp();
    }

    /// <summary>Plays it; answers with the calls of the process that went wrong, and whether it did.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">It did not end as it must.</exception>
    public static async Task<(bool HasStruck, IReadOnlyList<(string Call, int Occurrence)> Calls)> PlayAsync(StoreFault? fault)
    {
        await using var scenario = new CrashScenario(fault);
        await scenario.PlayAsync();
        Assert.True(scenario._problems.Count == 0, $"{fault}: {string.Join('\n', scenario._problems)}\n{string.Join('\n', scenario._world.Log.Lines)}");
        return (scenario._store.HasStruck, [.. scenario._store.Calls]);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task PlayAsync()
    {
        _host = await _world.StartAsync(_store, Configure);
        var outside = await _world.StartAsync(configure: Configure, isRunning: false);
        await UntilAsync(() => PressOnAsync(outside.Client));
        var end = (await outside.Client.GetInstanceAsync("run", true))!;
        Check(end.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"It is {end.RuntimeStatus}: {end.FailureDetails}");
        Check(end.SerializedOutput == $"\"{Expected}\"", $"Its output is {end.SerializedOutput}.");
        Check(_effects.Keys.Order().SequenceEqual(Keys), $"Its effects are {string.Join(", ", _effects.Keys.Order())}.");
        var most = _fault?.Kind is null or FaultKind.Fails ? 1 : 2;
        Check(_effects.Values.All(count => count <= most), $"Activities ran {string.Join(", ", _effects)} times, not {most} at most.");

        await UntilAsync(PurgedAsync);
        _store.IsSilent = false; // A process that was cut off comes back: it must find that it has lost the hub.
        var until = _world.Time.GetUtcNow() + TimeSpan.FromSeconds(20);
        await UntilAsync(() => Task.FromResult(_world.Time.GetUtcNow() > until && IsQuiet()));
        Check(Left().Count == 0, $"Left behind: {string.Join(", ", Left())}.");
    }

    /// <summary>Starts it, says what it waits for; says whether it has ended.</summary>
    private async Task<bool> PressOnAsync(DurableTaskClient outside)
    {
        switch (await outside.GetInstanceAsync("run", true))
        {
            case null:
                await _host!.Client.ScheduleNewOrchestrationInstanceAsync("Run", "in", new StartOrchestrationOptions("run"));
                return false;
            case { SerializedCustomStatus: "\"go?\"" }:
                await outside.RaiseEventAsync("run", "go", "go");
                return false;
            case { SerializedCustomStatus: "\"end it\"" }:
                await outside.TerminateInstanceAsync("endless", "ended");
                return false;
            case var found:
                return found.IsCompleted;
        }
    }

    private async Task<bool> PurgedAsync()
    {
        await _host!.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());
        return Left().Count == 0;
    }

    private bool IsQuiet() => _world.Hosts.Count(host => host.Engine.HoldsHub) == 1 && _world.Hosts.Sum(host => host.Engine.ActiveInstances) == 0;

    private List<string> Left() =>
        [.. _world.Store.ListAsync("", null, 1000, default).Result.Documents.Select(document => document.Name).Where(name => name != HubNames.Lease)];

    /// <summary>Asks again and again, and starts the next process once the first is as good as dead.</summary>
    private async Task UntilAsync(Func<Task<bool>> ask)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ;)
        {
            if (_fault?.IsForGood == true && _store.HasStruck && _world.Hosts.Count() == 2)
            {
                await (_fault.Kind == FaultKind.FailsForGood ? _host!.KillAsync() : Task.CompletedTask);
                _host = await _world.StartAsync(configure: Configure);
            }

            var asked = AskAsync(ask);
            await _world.UntilAsync(() => asked.IsCompleted, Step);
            if (await asked)
            {
                return;
            }

            await DurableWorld.SettleAsync();
            _world.Time.Advance(Step);
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(60),
                $"{_fault}: it does not end. Left: {string.Join(", ", Left())}\n{string.Join('\n', _world.Log.Lines)}");
        }
    }

    private static async Task<bool> AskAsync(Func<Task<bool>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HubStoreException or InvalidOperationException)
        {
            return false; // Not heard, or heard already: ask again.
        }
    }

    private static void Configure(LocalRuntime.Durable.DurableOptions options) => options.ClientPatience = TimeSpan.FromSeconds(1);

    private void Check(bool isSo, string problem)
    {
        if (!isSo)
        {
            _problems.Add(problem);
        }
    }

    private void DefineApp()
    {
        string Effect(string key)
        {
            _effects.AddOrUpdate(key, 1, (_, count) => count + 1);
            return key;
        }

        _world.App.Activity("Do", Effect);
        _world.App.Activity("Large", key => Effect(key) + new string('x', 69_995));
        _world.App.Activity("Later", due => _world.Time.GetUtcNow() >= DateTime.Parse(due, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
            ? Effect("retried")
            : throw new InvalidOperationException("too early"));
        _world.App.Orchestrator("Kid", async context => "kid:" + await context.CallActivityAsync<string>("Do", "k"));
        _world.App.Orchestrator("Endless", async context => await context.WaitForExternalEvent<string>("never"));
        _world.App.Orchestrator("Ear", async context =>
        {
            var from = await context.WaitForExternalEvent<string>("speak");
            context.SendEvent(from, "heard", "heard");
            return null;
        });
        _world.App.Orchestrator("Run", RunAsync);
    }

    private static async Task<object?> RunAsync(TaskOrchestrationContext context)
    {
        if (context.GetInput<string>() is { } done && done != "in")
        {
            return $"{done} | {await context.CallActivityAsync<string>("Do", "c")}";
        }

        var chain = $"{await context.CallActivityAsync<string>("Do", "a0")} {await context.CallActivityAsync<string>("Do", "a1")}";
        var large = await context.CallActivityAsync<string>("Large", "large");
        var ear = context.CallSubOrchestratorAsync("Ear", options: new TaskOptions().WithInstanceId("ear"));
        var kid = await context.CallSubOrchestratorAsync<string>("Kid");
        var fan = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Do", $"b{i}")));
        var retried = await context.CallActivityAsync<string>(
            "Later", context.CurrentUtcDateTime.AddSeconds(2), TaskOptions.FromRetryPolicy(new RetryPolicy(99, TimeSpan.FromSeconds(3))));
        using var cancel = new CancellationTokenSource();
        _ = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
        await context.CreateTimer(TimeSpan.FromSeconds(3), CancellationToken.None);
        cancel.Cancel();
        context.SetCustomStatus("go?");
        var go = await context.WaitForExternalEvent<string>("go");
        context.SendEvent("ear", "speak", context.InstanceId);
        var heard = await context.WaitForExternalEvent<string>("heard");
        await ear;
        var endless = context.CallSubOrchestratorAsync("Endless", options: new TaskOptions().WithInstanceId("endless"));
        context.SetCustomStatus("end it");
        var ended = "not ended";
        try
        {
            await endless;
        }
        catch (TaskFailedException)
        {
            ended = "ended";
        }

        context.SetCustomStatus(null);
        context.ContinueAsNew($"{chain} | {large.Length} | {kid} | {string.Join(',', fan)} | {retried} | {go} | {heard} | {ended}");
        return null;
    }
}
