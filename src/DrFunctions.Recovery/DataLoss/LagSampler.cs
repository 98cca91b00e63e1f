using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>Reads how far a workload's data is safe, now or once a minute for the record. Unknown stays unknown.</summary>
public sealed class LagSampler(IEnumerable<ILagSource> sources, LagHistory history, IOutsideProbe probe, TimeProvider time)
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

    /// <summary>Probes the primary, reads every store's lag and keeps both; the sample, or null when this minute has one.</summary>
    public async Task<LagSample?> SampleAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var answer = await probe.GetAsync(plan.Primary.Health, plan.Incidents.ProbeTimeout, cancellationToken);
        var readings = await ReadAsync(plan, cancellationToken);
        var sample = new LagSample(time.GetUtcNow(), answer.Finding, readings);
        return await history.AddAsync(plan.Workload, sample, cancellationToken) ? sample : null;
    }

    private async Task<LagReading> ReadAsync(WorkloadPlan plan, DataStore store, LagBasis basis, CancellationToken cancellationToken)
    {
        if (sources.FirstOrDefault(source => source.Basis == basis) is not { } source)
        {
            return new LagReading(store.Name, basis.Name(), null, "nothing here measures it");
        }

        try
        {
            var safeUntil = await source.ReadAsync(plan, store, cancellationToken);
            return new LagReading(store.Name, basis.Name(), safeUntil, safeUntil is null ? "nothing of it was copied yet" : null);
        }
        catch (RecoveryException exception)
        {
            return new LagReading(store.Name, basis.Name(), null, $"{exception.Code}: {exception.Message}");
        }
    }
}
