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
internal sealed class LocalDurableTaskClient : DurableTaskClient
{
    private const int ReadsAtOnce = 16;

    private readonly DurableEngine _engine;
    private readonly IDurableFunctions _functions;
    private readonly DurableOptions _settings;
    private readonly TimeProvider _time;
    private readonly StoreCall _store;
    private readonly InstanceRepository _instances;
    private readonly InstanceQueries _queries;
    private readonly InstancePurge _purge;
    private long _lastTicks;

    public LocalDurableTaskClient(DurableEngine engine, IDurableFunctions functions, DurableOptions settings, TimeProvider time)
        : base(settings.HubName)
    {
        (_engine, _functions, _settings, _time) = (engine, functions, settings, time);
        _store = new StoreCall(engine.Store, settings.ClientPatience);
        _instances = new InstanceRepository(_store);
        _queries = new InstanceQueries(_instances, settings.HubName);
        _purge = new InstancePurge(_instances, _store, engine.Logger);
    }

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (!_functions.HasOrchestrator(orchestratorName.Name))
        {
            throw new ArgumentException($"The app has no orchestrator named '{orchestratorName}'.", nameof(orchestratorName));
        }

        var instanceId = options?.InstanceId ?? _settings.NewId();
        HubNames.ThrowIfNotAnInstanceId(instanceId, nameof(options));
        var refusing = RefusingStatuses(options);
        var json = _settings.DataConverter.Serialize(input);
        using var span = DurableSpan.Create(orchestratorName.Name, instanceId);
        StoredInstance? previous = null;
        while (true)
        {
            var state = InstanceState.New(
                orchestratorName.Name, instanceId, _settings.NewId(), Payload.Of(json), _time.GetUtcNow(), previous?.State);
            state.StartAt = options?.StartAt;
            state.Tags = options?.Tags is { Count: > 0 } tags ? tags : null;
            (state.TraceParent, state.TraceState) = (span.Id, span.TraceStateString);
            state.Fence = _engine.Fence;
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

            if (previous is { } there && (!there.State.IsFinished || refusing.Contains(there.State.Status)))
            {
                await RefuseAsync(there.State, cancellation);
            }
        }
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        using var span = DurableSpan.Raise(eventName, instanceId);
        var raised = new EventRaised(eventName, Payload.Of(_settings.DataConverter.Serialize(eventPayload))) { TraceParent = span.Id };
        await SendAsync(new InboxMessage(instanceId, InboxKind.Event) { Event = raised }, cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) => SendAsync(
            new InboxMessage(instanceId, InboxKind.Terminate)
            {
                Output = Payload.Of(_settings.DataConverter.Serialize(options?.Output)),
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
        return new PurgeResult(await _purge.OneAsync(instanceId, options?.Recursive ?? false, cancellation), true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses, PageSize: 5000);
        var matching = new List<string>();
        await foreach (var instance in GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (instance.IsCompleted)
            {
                matching.Add(instance.InstanceId);
            }
        }

        return new PurgeResult(await _purge.AllAsync(matching, options?.Recursive ?? false, cancellation), true);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static List<OrchestrationRuntimeStatus> RefusingStatuses(StartOrchestrationOptions? options) =>
        [.. (options?.DedupeStatuses ?? []).Select(name =>
            Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status) && Enum.IsDefined(status) && !char.IsAsciiDigit(name[0])
                ? status
                : throw new ArgumentException(
                    $"Dedupe status '{name}': expected one of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}.", nameof(options)))];

    private async Task RefuseAsync(InstanceState there, CancellationToken ct)
    {
        if (!there.IsFinished && !_engine.TryTakeUp(there.InstanceId))
        {
            await AnnounceAsync(there, ct); // In case its creator died before it could.
        }

        throw new InvalidOperationException(
            $"An orchestration with id '{there.InstanceId}' already exists{(there.IsFinished ? "" : " and has not ended")}: "
            + $"'{there.Name}' is {there.Status}.");
    }

    private async Task<bool> CreateAsync(InstanceState state, string? etag, CancellationToken ct)
    {
        // The notice of a start in another process comes first: an instance that nobody knows of would wait for the next take-over.
        var isAnnounced = !_engine.HoldsHub;
        if (isAnnounced)
        {
            await AnnounceAsync(state, ct);
        }

        if (await _instances.SaveAsync(state, etag, ct) is not { } written)
        {
            return false;
        }

        if (!_engine.TryTakeUp(state.InstanceId, new StoredInstance(state, written)) && !isAnnounced)
        {
            await AnnounceAsync(state, ct);
        }

        return true;
    }

    private async Task AnnounceAsync(InstanceState state, CancellationToken ct)
    {
        var notice = new InboxMessage(state.InstanceId, InboxKind.Start) { ExecutionId = state.ExecutionId };
        var name = HubNames.StartNotice(state.InstanceId, state.ExecutionId);
        await _store.CreateAsync(name, new DocumentContent(notice.ToBytes()), ct);
    }

    private async Task SendAsync(InboxMessage message, CancellationToken ct)
    {
        HubNames.ThrowIfNotAnInstanceId(message.InstanceId, "instanceId");
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{HubNames.InboxOf(message.InstanceId)}{NextTicks():D19}-{_settings.NewId()}");
        await _engine.SendAsync(name, message, _store, ct);
    }

    /// <summary>The time, but always more than the last one given: what one client sends is taken up in its order.</summary>
    private long NextTicks()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _lastTicks);
            var next = Math.Max(_time.GetUtcNow().UtcTicks, last + 1);
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
            using var watch = _engine.Signals.WatchFor(instanceId, isSo);
            var found = await GetInstancesAsync(instanceId, getInputsAndOutputs, ct)
                ?? throw new InvalidOperationException($"There is no orchestration with id '{instanceId}'.");
            if (isSo(found.RuntimeStatus))
            {
                return found;
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(watch.Reached, Task.Delay(_settings.PollInterval, _time, pause.Token));
            await pause.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task<Page<OrchestrationMetadata>> PageAsync(
        OrchestrationQuery query, string? continuation, int pageSize, CancellationToken ct)
    {
        var page = await _queries.PageAsync(query, continuation, pageSize, ct);
        if (!query.FetchInputsAndOutputs)
        {
            return new Page<OrchestrationMetadata>([.. page.Values.Select(Metadata)], page.ContinuationToken);
        }

        var read = new OrchestrationMetadata?[page.Values.Count];
        await Parallel.ForAsync(
            0,
            read.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = ct },
            async (i, each) => read[i] = await ReadListedAsync(page.Values[i], each));
        return new Page<OrchestrationMetadata>([.. read.OfType<OrchestrationMetadata>()], page.ContinuationToken); // One may be purged by now.
    }

    /// <summary>One that is listed, with inputs and outputs; without them if it cannot be read, and null if it is gone.</summary>
    private async Task<OrchestrationMetadata?> ReadListedAsync(ListedInstance listed, CancellationToken ct)
    {
        try
        {
            return await GetInstancesAsync(listed.InstanceId, true, ct);
        }
        catch (InvalidDataException e)
        {
            EngineLog.ListedUnread(_engine.Logger, listed.InstanceId, e.Message);
            return Metadata(listed);
        }
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
        DataConverter = all ? _settings.DataConverter : null,
        SerializedInput = all ? state.Input?.Json : null,
        SerializedOutput = all ? state.Output?.Json : null,
        SerializedCustomStatus = all ? state.CustomStatus?.Json : null,
        FailureDetails = all ? state.Failure : null,
    };
}
