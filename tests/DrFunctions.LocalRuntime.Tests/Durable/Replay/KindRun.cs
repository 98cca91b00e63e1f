using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>One run of a kind in virtual time, from its start or from a cut. The world outside is a process of its own.</summary>
internal sealed partial class KindRun : IAsyncDisposable
{
    private const string Id = "it";
    private const string Line = "mark: ";
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly AwaitKind _kind;
    private readonly DurableWorld _world;
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<Mark> _marks = new();
    private readonly Dictionary<string, List<Mark>> _written = [];
    private readonly List<Cut> _cuts = [];
    private readonly string _idPrefix;
    private int _deeds;

    private KindRun(AwaitKind kind, DurableWorld world, string idPrefix, int deeds)
    {
        (_kind, _world, _idPrefix, _deeds) = (kind, world, idPrefix, deeds);
        DefineApp(world);
    }

    /// <summary>What was seen where, in every replay.</summary>
    public IReadOnlyCollection<Mark> Marks => _marks;

    /// <summary>What there was after each write.</summary>
    public IReadOnlyList<Cut> Cuts => _cuts;

    /// <summary>A run from the start to the end.</summary>
    public static async Task<(KindRun Run, Ending End)> PlayAsync(AwaitKind kind)
    {
        var run = new KindRun(kind, new DurableWorld(), "first", 0);
        var startAt = kind.StartsAfter is { } later ? run._world.Time.GetUtcNow() + later : (DateTimeOffset?)null;
        var options = new StartOrchestrationOptions(Id, startAt) { Tags = new Dictionary<string, string> { ["of"] = kind.Name } };
        await run.Outside(_ => { }).ScheduleNewOrchestrationInstanceAsync(kind.Name, kind.Input, options);
        return (run, await run.FinishAsync());
    }

    /// <summary>A run by a fresh engine, a second later, from a cut to the end.</summary>
    public static async Task<(KindRun Run, Ending End)> ResumeAsync(AwaitKind kind, Cut cut)
    {
        var world = new DurableWorld { Store = await cut.RestoreAsync(), Time = new ManualTimeProvider(cut.At + Step) };
        var run = new KindRun(kind, world, "next", cut.Deeds);
        return (run, await run.FinishAsync());
    }

    public static string LineOf(Mark mark) => $"{Line}{mark.InstanceId} {mark.Label}";

    /// <summary>Purges everything and says which documents, but the lease, are left.</summary>
    public async Task<IReadOnlyList<string>> LeftAfterPurgeAsync()
    {
        await Outside(_ => { }).PurgeAllInstancesAsync(new PurgeInstancesFilter());
        return Left();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<Ending> FinishAsync()
    {
        var outside = Outside(_ => Record(null, deeds: 1));
        var host = await _world.StartAsync(new JournalStore(_world.Store, _gate, name => Record(name, 0)), NameIds);
        var deeds = ActAsync(outside);
        await _world.UntilAsync(deeds, Step);
        await _world.UntilAsync(() => IsOver(host), Step);
        var end = (await outside.GetInstanceAsync(Id, true))!;
        return new Ending(
            end.RuntimeStatus.ToString(),
            end.SerializedOutput,
            end.SerializedCustomStatus,
            end.FailureDetails?.ErrorMessage,
            string.Join(", ", end.Tags.Select(tag => $"{tag.Key}={tag.Value}")),
            [.. _world.Log.Entries.Select(entry => entry.Text).Where(text => text.StartsWith(Line, StringComparison.Ordinal)).Order()],
            [.. Left().Where(name => !name.Contains("/history-", StringComparison.Ordinal))]); // Their names follow from the times in them.
    }

    private async Task<bool> ActAsync(LocalDurableTaskClient outside)
    {
        foreach (var deed in _kind.Deeds.Skip(_deeds))
        {
            while (await outside.GetInstanceAsync(Id, true) is not { } found || !deed.IsDue(found))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), _world.Time);
            }

            await deed.DoAsync(outside, Id);
        }

        return true;
    }

    private bool IsOver(DurableWorld.Host host)
    {
        var documents = JournalStore.All(_world.Store);
        return host.Engine.ActiveInstances == 0
            && documents.All(document => !document.Name.StartsWith(HubNames.Inbox, StringComparison.Ordinal))
            && documents.All(document => !document.Labels.TryGetValue("work", out var work) || work == "0");
    }

    private List<string> Left() =>
        [.. JournalStore.All(_world.Store).Select(document => document.Name).Where(name => name != HubNames.Lease)];

    private LocalDurableTaskClient Outside(Action<string> onWrite)
    {
        var options = new DurableOptions { HubName = "test", NewId = Ids("outside") };
        var engine = new DurableEngine(options, _world.App, new JournalStore(_world.Store, _gate, onWrite), _world.Time, _world.Log);
        return new LocalDurableTaskClient(engine, _world.App, options, _world.Time);
    }

    private void NameIds(DurableOptions options) => options.NewId = Ids("engine");

    private Func<string> Ids(string maker)
    {
        var number = 0;
        return () => $"{_idPrefix}{maker}{Interlocked.Increment(ref number):D3}";
    }

    private void Record(string? name, int deeds)
    {
        _deeds += deeds;
        if (name?.StartsWith(HubNames.Instances, StringComparison.Ordinal) == true)
        {
            var id = HubNames.InstanceIdOf(name); // No other turn of this instance runs: all its marks belong to turns that are written.
            _written[id] = [.. _marks.Where(mark => mark.InstanceId == id).Distinct()];
        }

        _cuts.Add(new Cut(_world.Time.GetUtcNow(), _deeds, [.. _written.Values.SelectMany(marks => marks)], JournalStore.All(_world.Store)));
    }

    private void DefineApp(DurableWorld world)
    {
        world.App.Activity("Echo", input => input);
        world.App.Activity("Large", _ => new string('x', 70_000));
        world.App.Activity("Long", _ => new string('y', 40_000));
        world.App.Activity("Fail", (input, _) => throw new InvalidOperationException($"{input} failed"));
        world.App.Activity("After", (due, _) => world.Time.GetUtcNow() >= due!.Value.GetDateTime()
            ? Task.FromResult<object?>("done")
            : throw new InvalidOperationException("too early"));
        foreach (var (name, code) in _kind.Children.Append(new(_kind.Name, _kind.Code)))
        {
            world.App.Orchestrator(name, context => code(context, label => Note(context, label)));
        }
    }

    private void Note(TaskOrchestrationContext context, string label)
    {
        _marks.Enqueue(new Mark(context.InstanceId, label, context.NewGuid(), context.CurrentUtcDateTime));
        context.SetCustomStatus(label);
        LogMark(context.CreateReplaySafeLogger("marks"), context.InstanceId, label);
    }

    [LoggerMessage(1, LogLevel.Information, Line + "{InstanceId} {Label}")]
    private static partial void LogMark(ILogger logger, string instanceId, string label);
}
