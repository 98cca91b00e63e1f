using System.Globalization;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Durable.Tracing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable;

/// <summary>
/// The client of a hub: works from every process on the hub, whether or not its own engine holds it. Thread-safe. A call fails
/// with <see cref="HubStoreException"/> once the store has been silent for <see cref="DurableOptions.ClientPatience"/>.
/// </summary>
internal sealed class LocalDurableTaskClient(
    DurableEngine engine, IDurableFunctions functions, DurableOptions settings, TimeProvider time) : DurableTaskClient(settings.HubName)
{
    private readonly StoreCall _store = new(engine.Store, settings.ClientPatience);
    private readonly InstanceRepository _instances = new(new StoreCall(engine.Store, settings.ClientPatience));
    private long _lastTicks;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (!functions.HasOrchestrator(orchestratorName.Name))
        {
            throw new ArgumentException($"The app has no orchestrator named '{orchestratorName}'.", nameof(orchestratorName));
        }

        var instanceId = options?.InstanceId ?? settings.NewId();
        HubNames.ThrowIfNotAnInstanceId(instanceId, nameof(options));
        var json = settings.DataConverter.Serialize(input);
        using var span = DurableSpan.Create(orchestratorName.Name, instanceId);
        StoredInstance? previous = null;
        while (true)
        {
            var state = InstanceState.New(
                orchestratorName.Name, instanceId, settings.NewId(), Payload.Of(json), time.GetUtcNow(), previous?.State);
            state.StartAt = options?.StartAt;
            state.Tags = options?.Tags is { Count: > 0 } tags ? tags : null;
            (state.TraceParent, state.TraceState) = (span.Id, span.TraceStateString);
            state.Fence = engine.Fence;
            state.Commit = state.ExecutionId;
            if (await CreateAsync(state, previous?.ETag, cancellation))
            {
                return instanceId;
            }

            previous = await _instances.FindConflictAsync(state, cancellation);
            if (previous?.State.FirstExecutionId == state.ExecutionId)
            {
                return instanceId; // It is this start, whose answer was lost, and it runs already.
            }

            if (previous is { State.IsFinished: false } there)
            {
                if (!engine.TryTakeUp(instanceId))
                {
                    await AnnounceAsync(there.State, cancellation); // In case its creator died before it could.
                }

                throw new InvalidOperationException(
                    $"An orchestration with id '{instanceId}' already exists and has not ended: "
                    + $"'{there.State.Name}' is {there.State.Status}.");
            }
        }
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        using var span = DurableSpan.Raise(eventName, instanceId);
        var raised = new EventRaised(eventName, Payload.Of(settings.DataConverter.Serialize(eventPayload))) { TraceParent = span.Id };
        await SendAsync(new InboxMessage(instanceId, InboxKind.Event) { Event = raised }, cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) => SendAsync(
            new InboxMessage(instanceId, InboxKind.Terminate)
            {
                Output = Payload.Of(settings.DataConverter.Serialize(options?.Output)),
                Recursive = options?.Recursive ?? false,
            },
            cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(new InboxMessage(instanceId, InboxKind.Suspend), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(new InboxMessage(instanceId, InboxKind.Resume), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, status => status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, IsOver, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        HubNames.ThrowIfNotAnInstanceId(instanceId, nameof(instanceId));
        var found = await _instances.LoadAsync(
            instanceId, getInputsAndOutputs ? InstanceParts.Values : InstanceParts.State, cancellation);
        return found is null ? null : Metadata(found.State, getInputsAndOutputs);
    }

    /// <summary>An instance with its history, as it is stored; null if there is none.</summary>
    public async Task<InstanceState?> GetStateAsync(string instanceId, InstanceParts parts, CancellationToken cancellation) =>
        (await _instances.LoadAsync(instanceId, parts, cancellation))?.State;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(filter));
        return Pageable.Create((token, size, ct) => PageAsync(query, token ?? query.ContinuationToken, size ?? query.PageSize, ct));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        HubNames.ThrowIfNotAnInstanceId(instanceId, nameof(instanceId));
        return new PurgeResult(await PurgeAsync(instanceId, options?.Recursive ?? false, cancellation), true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var count = 0;
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses, PageSize: 1000);
        var matching = new List<string>();
        await foreach (var instance in GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (instance.IsCompleted)
            {
                matching.Add(instance.InstanceId);
            }
        }

        foreach (var instanceId in matching)
        {
            count += await PurgeAsync(instanceId, options?.Recursive ?? false, cancellation);
        }

        return new PurgeResult(count, true);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<bool> CreateAsync(InstanceState state, string? etag, CancellationToken ct)
    {
        // The notice of a start in another process comes first: an instance that nobody knows of would wait for the next take-over.
        var isAnnounced = !engine.HoldsHub;
        if (isAnnounced)
        {
            await AnnounceAsync(state, ct);
        }

        if (await _instances.SaveAsync(state, etag, ct) is not { } written)
        {
            return false;
        }

        if (!engine.TryTakeUp(state.InstanceId, new StoredInstance(state, written)) && !isAnnounced)
        {
            await AnnounceAsync(state, ct);
        }

        return true;
    }

    private async Task AnnounceAsync(InstanceState state, CancellationToken ct)
    {
        var notice = new InboxMessage(state.InstanceId, InboxKind.Start) { ExecutionId = state.ExecutionId };
        var name = $"{HubNames.InboxOf(state.InstanceId)}start-{state.ExecutionId}";
        await _store.CreateAsync(name, new DocumentContent(notice.ToBytes()), ct);
    }

    private async Task SendAsync(InboxMessage message, CancellationToken ct)
    {
        HubNames.ThrowIfNotAnInstanceId(message.InstanceId, "instanceId");
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{HubNames.InboxOf(message.InstanceId)}{NextTicks():D19}-{settings.NewId()}");
        await engine.SendAsync(name, message, _store, ct);
    }

    /// <summary>The time, but always more than the last one given: what one client sends is taken up in its order.</summary>
    private long NextTicks()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _lastTicks);
            var next = Math.Max(time.GetUtcNow().UtcTicks, last + 1);
            if (Interlocked.CompareExchange(ref _lastTicks, next, last) == last)
            {
                return next;
            }
        }
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<OrchestrationRuntimeStatus, bool> isSo, bool getInputsAndOutputs, CancellationToken ct)
    {
        while (true)
        {
            using var watch = engine.Signals.WatchFor(instanceId, isSo);
            var found = await GetInstancesAsync(instanceId, getInputsAndOutputs, ct)
                ?? throw new InvalidOperationException($"There is no orchestration with id '{instanceId}'.");
            if (isSo(found.RuntimeStatus))
            {
                return found;
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(watch.Reached, Task.Delay(settings.PollInterval, time, pause.Token));
            await pause.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task<Page<OrchestrationMetadata>> PageAsync(
        OrchestrationQuery query, string? continuation, int pageSize, CancellationToken ct)
    {
        var values = new List<OrchestrationMetadata>();
        do
        {
            var (listed, next) = await _instances.ListAsync(query.InstanceIdPrefix ?? "", continuation, pageSize, ct);
            foreach (var instance in listed.Where(instance => Matches(query, instance)))
            {
                if (!query.FetchInputsAndOutputs)
                {
                    values.Add(Metadata(instance));
                }
                else if (await GetInstancesAsync(instance.InstanceId, true, ct) is { } whole)
                {
                    values.Add(whole);
                }
            }

            continuation = next;
        }
        while (values.Count == 0 && continuation is not null);

        return new Page<OrchestrationMetadata>(values, continuation);
    }

    private bool Matches(OrchestrationQuery query, ListedInstance instance) =>
        !(instance.CreatedAt < query.CreatedFrom)
        && !(instance.CreatedAt > query.CreatedTo)
        && (query.Statuses is null || query.Statuses.Contains(instance.Status))
        && (query.TaskHubNames is null || query.TaskHubNames.Contains(settings.HubName, StringComparer.OrdinalIgnoreCase));

    private async Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken ct)
    {
        var found = await _instances.LoadAsync(instanceId, recursive ? InstanceParts.History : InstanceParts.State, ct);
        if (found is null || found.State.HasWork)
        {
            return 0;
        }

        var purged = 0;
        foreach (var child in recursive ? found.State.History.Events.OfType<SubOrchestrationScheduled>() : [])
        {
            purged += await PurgeAsync(child.InstanceId, true, ct);
        }

        await _instances.DeleteAllAsync(HubNames.InboxOf(instanceId), ct);
        await _instances.DeleteDocumentsAsync(found.State, ct);
        foreach (var execution in found.State.Over)
        {
            await _instances.DeleteDocumentsAsync(instanceId, execution, ct);
        }

        return await _instances.DeleteAsync(instanceId, found.ETag, ct) ? purged + 1 : purged;
    }

    private static bool IsOver(OrchestrationRuntimeStatus status) => status is OrchestrationRuntimeStatus.Completed
        or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    private static OrchestrationMetadata Metadata(ListedInstance instance) => new(instance.Name, instance.InstanceId)
    {
        RuntimeStatus = instance.Status,
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.UpdatedAt,
    };

    private OrchestrationMetadata Metadata(InstanceState state, bool all) => new(state.Name, state.InstanceId)
    {
        RuntimeStatus = state.Status,
        CreatedAt = state.CreatedAt,
        LastUpdatedAt = state.UpdatedAt,
        Tags = state.Tags ?? new Dictionary<string, string>(),
        DataConverter = all ? settings.DataConverter : null,
        SerializedInput = all ? state.Input?.Json : null,
        SerializedOutput = all ? state.Output?.Json : null,
        SerializedCustomStatus = all ? state.CustomStatus?.Json : null,
        FailureDetails = all ? state.Failure : null,
    };
}
