using DrFunctions.Backup.Retention;

namespace DrFunctions.Backup.Prunes;

/// <summary>What a prune did, or would do.</summary>
/// <param name="Decisions">What becomes of each snapshot that can be read, and why; newest first.</param>
public sealed record PruneResult(IReadOnlyList<RetentionDecision> Decisions)
{
    /// <summary>Snapshots that were removed.</summary>
    public int SnapshotsRemoved { get; init; }

    /// <summary>Packs that were removed.</summary>
    public long PacksRemoved { get; init; }

    /// <summary>Bytes that came back.</summary>
    public long BytesRemoved { get; init; }

    /// <summary>Packs that nobody needs and that go with a later prune.</summary>
    public long PacksWaiting { get; init; }

    /// <summary>Bytes that will come back with them.</summary>
    public long BytesWaiting { get; init; }

    /// <summary>When, by the storage's clock, a later prune can take the first of them a step further, where no backup that began before still runs; null when none waits.</summary>
    public DateTimeOffset? NextStepAt { get; init; }

    /// <summary>Bytes that were written anew, out of packs that are mostly waste.</summary>
    public long BytesRewritten { get; init; }

    /// <summary>Indexes that were written in the place of others.</summary>
    public int IndexesWritten { get; init; }

    /// <summary>Indexes that were removed.</summary>
    public int IndexesRemoved { get; init; }

    /// <summary>Backups that were given up: their ids. They were begun too long ago and can no longer become visible.</summary>
    public IReadOnlyList<string> Abandoned { get; init; } = [];

    /// <summary>
    /// Copies into the repository that began longer than a writer's life ago and were not ended, each with what to do: until then nothing goes that was condemned since. Usually the copy is run again.
    /// </summary>
    public IReadOnlyList<string> UnfinishedCopies { get; init; } = [];

    /// <summary>Why no pack was condemned or removed; empty when nothing was in the way.</summary>
    public IReadOnlyList<string> Blocked { get; init; } = [];

    /// <summary>What the storage refuses to remove, such as under an immutability policy: the first hundred.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];
}
