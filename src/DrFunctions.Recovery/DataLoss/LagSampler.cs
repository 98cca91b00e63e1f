using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>
/// Reads how far a workload's data is safe in the region that does not carry it, now or once a minute for the record. Unknown stays unknown.
/// </summary>
public sealed class LagSampler(
    IEnumerable<ILagSource> sources, LagHistory history, WorkloadStates states, IOutsideProbe probe, ITrafficManager traffic, TimeProvider time)
{
    // Samples are taken once a minute; what is older says that nobody samples, and not how things stand.
    private static readonly TimeSpan s_standing = TimeSpan.FromMinutes(5);

    /// <summary>Reads every store's lag; one that cannot be read says why.</summary>
    public async Task<IReadOnlyList<LagReading>> ReadAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return await ReadAllAsync(plan, await states.ReadAsync(plan.Workload, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Until when everything of a store is known to be safe in a region: as its source says now, else by the newest sample of the same
    /// source, which is true however old it is; null when neither says, and when that region carries the workload, or may.
    /// </summary>
    public async Task<DateTimeOffset?> FindLastGoodAsync(WorkloadPlan plan, DataStore store, RegionRole standby, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(store);
        var state = await states.ReadAsync(plan.Workload, cancellationToken);
        if (state.Arriving || state.Active == standby)
        {
            return null;
        }

        var basis = LagBases.Of(plan, store, standby);
        if ((await ReadAsync(plan, store, basis, state, cancellationToken)).SafeUntil is { } now)
        {
            return now;
        }

        return (await SamplesAsync(plan, state, time.GetUtcNow(), TimeSpan.FromHours(LagHistory.Hours), cancellationToken))
            .SelectMany(sample => sample.Stores)
            .Where(reading => reading.Store == store.Name && reading.Source == basis.Name())
            .Max(reading => reading.SafeUntil);
    }

    /// <summary>What leaving the region that carries the workload would lose now.</summary>
    public async Task<LossEstimate> EstimateAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var state = await states.ReadAsync(plan.Workload, cancellationToken);
        var readings = await ReadAllAsync(plan, state, cancellationToken);
        var now = time.GetUtcNow();
        var back = plan.Incidents.OldestSample;
        IReadOnlyList<LagSample> samples = back is { } && readings.Any(reading => reading.SafeUntil is null)
            ? await SamplesAsync(plan, state, now, back.Value, cancellationToken)
            : [];
        return LossEstimate.Of(readings, samples, back, now);
    }

    /// <summary>
    /// The same without asking Azure anything: backups by this app's own records, all else by the newest sample of the last five minutes.
    /// </summary>
    public async Task<LossEstimate> RecallAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var state = await states.ReadAsync(plan.Workload, cancellationToken);
        var now = time.GetUtcNow();
        var back = plan.Incidents.OldestSample;
        IReadOnlyList<LagSample>? samples = null;
        var readings = new List<LagReading>();
        foreach (var store in plan.Stores)
        {
            var basis = LagBases.Of(plan, store, state.Active.Other());
            if (state.Arriving || basis == LagBasis.BackupCopy)
            {
                readings.Add(await ReadAsync(plan, store, basis, state, cancellationToken));
                continue;
            }

            samples ??= await SamplesAsync(plan, state, now, back > s_standing ? back.Value : s_standing, cancellationToken);
            readings.Add(samples.LastOrDefault(sample => sample.At <= now && now - sample.At <= s_standing)?.Stores
                .FirstOrDefault(reading => reading.Store == store.Name && reading.Source == basis.Name())
                ?? new LagReading(store.Name, basis.Name(), null, $"it was not sampled in the last {s_standing.TotalMinutes:0} minutes"));
        }

        return LossEstimate.Of(readings, samples ?? [], back, now);
    }

    /// <summary>
    /// Probes the primary, asks Traffic Manager's monitor, reads every store's lag and keeps all of it; the sample, or null when this
    /// minute has one. What cannot be read is kept as unknown, with the reason. Leaves Resource Manager's budget to incidents and runs.
    /// </summary>
    public Task<LagSample?> SampleAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return BackgroundWork.RunAsync(() => TakeSampleAsync(plan, cancellationToken));
    }

    private async Task<LagSample?> TakeSampleAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        var timeout = plan.Incidents.ProbeTimeout;

        var state = await states.ReadAsync(plan.Workload, cancellationToken);

        // Side by side: each may wait as long as the probe's timeout, and the sample is of one minute.
        var health = probe.GetAsync(plan.Primary.Health, timeout, cancellationToken);
        var tcp = plan.Incidents.TcpProbe is { } target ? probe.ConnectAsync(target, timeout, cancellationToken) : null;
        var monitor = ReadMonitorAsync(plan, cancellationToken);
        var readings = ReadAllAsync(plan, state, cancellationToken);
        var others = ReadOthersAsync(plan, state, cancellationToken);
        await Task.WhenAll(health, tcp ?? Task.CompletedTask, monitor, readings, others);
        var sample = new LagSample(time.GetUtcNow(), (await health).Finding, await readings)
        {
            Epoch = state.Epoch,
            Others = await others,
            Tcp = tcp is null ? null : (await tcp).Finding,
            Monitor = await monitor,
        };
        return await history.AddAsync(plan.Workload, sample, cancellationToken) ? sample : null;
    }

    // A geo-redundant account's own replication, also where a restore and not a failover of the account is planned.
    private async Task<IReadOnlyList<LagReading>> ReadOthersAsync(WorkloadPlan plan, WorkloadState state, CancellationToken cancellationToken)
    {
        var readings = new List<LagReading>();
        foreach (var store in plan.Containers.Where(store => store.PrimaryAccount is not null && LagBases.Of(plan, store, state.Active.Other()) != LagBasis.StorageSync))
        {
            readings.Add(await ReadAsync(plan, store, LagBasis.StorageSync, state, cancellationToken));
        }

        return readings;
    }

    private async Task<MonitorReading> ReadMonitorAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var profile = await traffic.ReadAsync(plan.Traffic.Profile, cancellationToken);
            return new MonitorReading(
                profile.EndpointNamed(plan.Traffic.PrimaryEndpoint)?.MonitorStatus, profile.EndpointNamed(plan.Traffic.SecondaryEndpoint)?.MonitorStatus, null);
        }
        catch (RecoveryException exception)
        {
            return new MonitorReading(null, null, $"{exception.Code}: {exception.Message}");
        }
    }

    private async Task<IReadOnlyList<LagReading>> ReadAllAsync(WorkloadPlan plan, WorkloadState state, CancellationToken cancellationToken)
    {
        var readings = new List<LagReading>();
        foreach (var store in plan.Stores)
        {
            readings.Add(await ReadAsync(plan, store, LagBases.Of(plan, store, state.Active.Other()), state, cancellationToken));
        }

        return readings;
    }

    private async Task<IReadOnlyList<LagSample>> SamplesAsync(
        WorkloadPlan plan, WorkloadState state, DateTimeOffset now, TimeSpan back, CancellationToken cancellationToken) =>
        [.. (await history.ReadAsync(plan.Workload, now, back, cancellationToken)).Where(sample => sample.Epoch == state.Epoch)];

    private async Task<LagReading> ReadAsync(
        WorkloadPlan plan, DataStore store, LagBasis basis, WorkloadState state, CancellationToken cancellationToken)
    {
        if (state.Arriving)
        {
            return new LagReading(store.Name, basis.Name(), null, "users are being moved: it is not known where they write");
        }

        if (sources.FirstOrDefault(source => source.Basis == basis) is not { } source)
        {
            return new LagReading(store.Name, basis.Name(), null, "nothing here measures it");
        }

        try
        {
            var found = await source.ReadAsync(plan, store, state.Active.Other(), cancellationToken);
            return new LagReading(store.Name, basis.Name(), found.SafeUntil, found.Trouble);
        }
        catch (RecoveryException exception)
        {
            return new LagReading(store.Name, basis.Name(), null, $"{exception.Code}: {exception.Message}");
        }
    }
}
