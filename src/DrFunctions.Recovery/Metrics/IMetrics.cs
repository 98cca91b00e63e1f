using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Metrics;

/// <summary>Azure Monitor's metrics of resources.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Azure Monitor refuses or does not answer.</remarks>
public interface IMetrics
{
    /// <summary>The newest minute of a metric that has a value; null when there is none so far back.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="metric">The metric's name in the API.</param>
    /// <param name="back">How far back is looked, at least a minute.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<MetricPoint?> ReadNewestAsync(ResourceId resource, string metric, TimeSpan back, CancellationToken cancellationToken);
}

/// <summary>One minute of a metric.</summary>
/// <param name="At">When the minute begins, by Azure's clock.</param>
/// <param name="Value">The greatest value in it, in the metric's unit.</param>
public sealed record MetricPoint(DateTimeOffset At, double Value);
