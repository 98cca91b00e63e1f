using System.Globalization;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Retention;

/// <summary>Which prune.</summary>
/// <param name="Pair">The repositories.</param>
/// <param name="Places">Those of them that are pruned, in this order: the active region's first. Of a further attempt, those that failed.</param>
/// <param name="Occurrence">The occurrence of the schedule.</param>
/// <param name="Attempt">Number of the attempt, from 1.</param>
public sealed record PruneInput(RepositoryPair Pair, IReadOnlyList<PrunePlace> Places, DateTimeOffset Occurrence, int Attempt)
{
    /// <summary>The orchestration's instance id.</summary>
    public string InstanceId => $"prune-{Pair.Id}_{Name}";

    /// <summary>The occurrence as <c>yyyyMMddTHHmmZ</c>; <c>-002</c> and so on for further attempts. Sorts by time.</summary>
    public string Name => Attempt == 1 ? Time : string.Create(CultureInfo.InvariantCulture, $"{Time}-{Attempt:D3}");

    private string Time => Occurrence.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A repository to prune.</summary>
/// <param name="Container">Where it is.</param>
/// <param name="Region">The name of its region.</param>
public sealed record PrunePlace(BlobContainer Container, string Region);

/// <summary>One repository of a prune.</summary>
/// <param name="Job">The prune.</param>
/// <param name="Place">The repository.</param>
public sealed record PlaceInput(PruneInput Job, PrunePlace Place);

/// <summary>What came of a prune.</summary>
/// <param name="Job">The prune.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Places">What came of each repository.</param>
public sealed record PruneOutcome(PruneInput Job, DateTimeOffset StartedAt, IReadOnlyList<PlacePruned> Places);

/// <summary>How far the schedule of a pair's prunes is done.</summary>
/// <param name="Schema">1.</param>
/// <param name="Last">The last occurrence that was begun, or when a schedule was first seen: a new one does not begin with a prune.</param>
/// <param name="Job">Its last attempt; null before the first prune.</param>
/// <param name="ClosedAt">When the attempt was over and its record written; null until then.</param>
public sealed record PruneState(int Schema, DateTimeOffset Last, PruneInput? Job = null, DateTimeOffset? ClosedAt = null);
