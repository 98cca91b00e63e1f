using DrFunctions.Testing.Backups;

namespace DrFunctions.Backup.Tests.Transfers;

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// Memory follows parallelism, not data: 8 chunks of 4 MiB, at most 20 MB of digests, and what the collector has not taken away yet.
/// </summary>
[Collection(nameof(Alone))]
public sealed class MemoryBoundTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(1, 512 * MiB)]
    [InlineData(100_000, 10)]
    public async Task Backup_LargeOrMany_StaysBelow128MiBOfHeap(int files, long length)
    {
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var repository = new DiscardingRepository();

        var snapshot = await new BackupEngine().BackupAsync(new SyntheticSource(files, length), repository, Backups.Request());

        Assert.Equal((files, files * length), (snapshot.Files, snapshot.Bytes));
        Assert.InRange(repository.PeakBytes - before, 32 * MiB, 128 * MiB);
    }
}
