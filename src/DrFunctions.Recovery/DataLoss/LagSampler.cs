using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>Reads how far a workload's data is safe, now or once a minute for the record. Unknown stays unknown.</summary>
public sealed class LagSampler(
    IEnumerable<ILagSource> sources, LagHistory history, IOutsideProbe probe, ITrafficManager traffic, TimeProvider time)
{
    /// <summary>Reads every store's lag; one that cannot be read says why.</summary>
    public async Task<IReadOnlyList<LagReading>> ReadAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var readings = new List<LagReading>();
        foreach (var store in plan.Stores)
        {
            readings.Add(await ReadAsync(plan, store, LagBases.Of(plan, store), cancellationToken));
        }

        return readings;
    }

    /// <summary>
    /// Until when everything of a store is known to be safe: as its source says now, else by the newest sample of the same source, which
    /// is true however old it is; null when neither says.
    /// </summary>
    public async Task<DateTimeOffset?> FindLastGoodAsync(WorkloadPlan plan, DataStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(store);
        var basis = LagBases.Of(plan, store);
        if ((await ReadAsync(plan, store, basis, cancellationToken)).SafeUntil is { } now)
        {
            return now;
        }

        var samples = await history.ReadAsync(plan.Workload, time.GetUtcNow(), TimeSpan.FromHours(LagHistory.Hours), cancellationToken);
        return samples.SelectMany(sample => sample.Stores).Where(reading => reading.Store == store.Name && reading.Source == basis.Name()).Max(reading => reading.SafeUntil);
    }

    /// <summary>What a failover now would lose.</summary>
    public async Task<LossEstimate> EstimateAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var readings = await ReadAsync(plan, cancellationToken);
        var now = time.GetUtcNow();
        var back = plan.Incidents.OldestSample;
        IReadOnlyList<LagSample> samples = back is { } && readings.Any(reading => reading.SafeUntil is null)
            ? await history.ReadAsync(plan.Workload, now, back.Value, cancellationToken)
            : [];
        return LossEstimate.Of(readings, samples, back, now);
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

        // Side by side: each may wait as long as the probe's timeout, and the sample is of one minute.
        var health = probe.GetAsync(plan.Primary.Health, timeout, cancellationToken);
        var tcp = plan.Incidents.TcpProbe is { } target ? probe.ConnectAsync(target, timeout, cancellationToken) : null;
        var monitor = ReadMonitorAsync(plan, cancellationToken);
        var readings = ReadAsync(plan, cancellationToken);
        var others = ReadOthersAsync(plan, cancellationToken);
        await Task.WhenAll(health, tcp ?? Task.CompletedTask, monitor, readings, others);
        var sample = new LagSample(time.GetUtcNow(), (await health).Finding, await readings)
        {
            Others = await others,
            Tcp = tcp is null ? null : (await tcp).Finding,
            Monitor = await monitor,
        };
        return await history.AddAsync(plan.Workload, sample, cancellationToken) ? sample : null;
    }

    // A geo-redundant account's own replication, also where a restore and not a failover of the account is planned.
    private async Task<IReadOnlyList<LagReading>> ReadOthersAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        var readings = new List<LagReading>();
        foreach (var store in plan.Containers.Where(store => store.PrimaryAccount is not null && LagBases.Of(plan, store) != LagBasis.StorageSync))
        {
            readings.Add(await ReadAsync(plan, store, LagBasis.StorageSync, cancellationToken));
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

    private async Task<LagReading> ReadAsync(WorkloadPlan plan, DataStore store, LagBasis basis, CancellationToken cancellationToken)
    {
        if (sources.FirstOrDefault(source => source.Basis == basis) is not { } source)
        {
            return new LagReading(store.Name, basis.Name(), null, "nothing here measures it");
        }

        try
        {
            var found = await source.ReadAsync(plan, store, cancellationToken);
            return new LagReading(store.Name, basis.Name(), found.SafeUntil, found.Trouble);
        }
        catch (RecoveryException exception)
        {
            return new LagReading(store.Name, basis.Name(), null, $"{exception.Code}: {exception.Message}");
        }
    }
}
