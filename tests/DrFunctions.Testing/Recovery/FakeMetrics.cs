using DrFunctions.Recovery;
using DrFunctions.Recovery.Metrics;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Metrics in memory.</summary>
public sealed class FakeMetrics : IMetrics
{
    /// <summary>The newest point of each resource, whatever the metric.</summary>
    public Dictionary<ResourceId, MetricPoint> Points { get; } = [];

    /// <summary>Whether it does not answer.</summary>
    public bool IsSilent { get; set; }

    public Task<MetricPoint?> ReadNewestAsync(ResourceId resource, string metric, TimeSpan back, CancellationToken cancellationToken) => IsSilent
        ? throw new RecoveryException("ResourceManagerSilent", "no answer", isTransient: true, "Wait.")
        : Task.FromResult(Points.GetValueOrDefault(resource));
}
