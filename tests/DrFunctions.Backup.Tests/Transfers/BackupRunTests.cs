using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Sources;
using DrFunctions.Testing.Backups;
using FsCheck.Fluent;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Transfers;

public sealed class BackupRunTests
{
    private readonly MemoryRepository repository = new();

    [Fact]
    public async Task Backup_SomeFiles_RestoresBitForBit()
    {
        var files = SomeFiles();

        var snapshot = await Engine.BackupAsync(files, repository, Request());

        Assert.Equal(("files-1", "shop", "files", "memory"), (snapshot.Id, snapshot.Workload, snapshot.Policy, snapshot.Source));
        Assert.Equal((6, 1006L + (3 * Chunk) + 17, 0, 0), (snapshot.Files, snapshot.Bytes, snapshot.Vanished, snapshot.Unread));
        Assert.True(snapshot.IsComplete);
        await AssertRestoresAsync(repository, "files-1", files);
    }

    [Fact]
    public async Task Backup_EmptySource_RestoresNothing()
    {
        var snapshot = await Engine.BackupAsync(new MemoryFiles(), repository, Request());

        Assert.Equal((0, 0), (snapshot.Files, snapshot.Bytes));
        await AssertRestoresAsync(repository, "files-1", new MemoryFiles());
    }

    [Fact]
    public async Task Backup_AnyFiles_RoundTrips()
    {
        var sizes = Gen.Frequency(
            (6, Gen.Choose(0, 300)),
            (1, Gen.Choose(Chunk - 1, Chunk + 1)),
            (1, Gen.Choose((2 * Chunk) - 1, (2 * Chunk) + 1)));
        var name = Gen.Elements("a", "b/c", "ä", " ", "..", "日本/語", "\"quoted\"", "new\nline", "\\", "\u0001", "😀", "a/", "//");
        var file = name.SelectMany(path => sizes.SelectMany(size => Gen.Choose(0, 3).Select(seed => (path, size, seed))));
        var number = 0;
        foreach (var sample in file.ListOf(6).Sample(12, 25))
        {
            var files = new MemoryFiles();
            foreach (var (path, size, seed) in sample)
            {
                files.Write(path, Bytes.Of(size, seed));
            }

            var id = $"sample-{number++}";
            await Engine.BackupAsync(files, repository, Request(id));
            await AssertRestoresAsync(repository, id, files);
        }

        Assert.True((await Engine.CheckAsync(repository)).IsClean);
    }

    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task Backup_KilledAtEveryWrite_IsInvisibleAndTheRerunRestores(Death death)
    {
        // Without equal files, which race for one object, every run writes as often.
        var files = SomeFiles();
        files.Remove("small/two");
        var counting = new FaultyRepository(new MemoryRepository());
        await Engine.BackupAsync(files, counting, Request());
        for (var write = 1; write <= counting.Writes; write++)
        {
            var inner = new MemoryRepository();
            await Assert.ThrowsAsync<BackupException>(() => Engine.BackupAsync(files, new FaultyRepository(inner, write, death), Request()));

            // The root is the last write: only when it took effect is there a snapshot, and then a whole one.
            if (await Engine.FindAsync(inner, "files-1") is not null)
            {
                Assert.Equal((counting.Writes, Death.After), (write, death));
                await AssertRestoresAsync(inner, "files-1", files);
            }

            await Engine.BackupAsync(files, inner, Request());
            await AssertRestoresAsync(inner, "files-1", files);
        }

        Assert.Equal(8, counting.Writes);
    }

    [Fact]
    public async Task Backup_LeftoverIsDamaged_IsHealed()
    {
        var files = SomeFiles();
        await Engine.BackupAsync(files, repository, Request("first"));
        foreach (var item in await ObjectsAsync(repository, "data/"))
        {
            var content = await ReadAsync(repository, item.Key);
            content[^1] ^= 1;
            await repository.ReplaceAsync(item.Key, item.Length % 2 == 0 ? content : content.AsMemory(1), default);
        }

        await Engine.BackupAsync(files, repository, Request("second"));

        await AssertRestoresAsync(repository, "second", files);
        Assert.Empty((await Engine.CheckAsync(repository, "second")).Problems);
    }

    [Fact]
    public async Task Backup_TenAtOnceWithOneId_AllReturnTheOneThatIsThere()
    {
        var files = SomeFiles();

        var snapshots = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Engine.BackupAsync(files, repository, Request()))));

        Assert.Single(snapshots.Distinct());
        await AssertRestoresAsync(repository, "files-1", files);
    }

    [Fact]
    public async Task Backup_SameIdAgain_ReturnsWhatIsThereAndReadsNothing()
    {
        var files = SomeFiles();
        var first = await Engine.BackupAsync(files, repository, Request());
        files.Write("later", [1]);

        Assert.Equal(first, await Engine.BackupAsync(files, repository, Request()));
    }

    [Fact]
    public async Task Backup_IdOfAnotherPolicy_IsRefused()
    {
        await Engine.BackupAsync(new MemoryFiles(), repository, Request());

        var error = await Assert.ThrowsAsync<BackupException>(
            () => Engine.BackupAsync(new MemoryFiles(), repository, new SnapshotRequest("files-1", "shop", "other")));

        Assert.Equal(BackupErrors.SnapshotConflict, error.Code);
        Assert.Equal("The snapshot 'files-1' in memory is of workload 'shop', policy 'files'; expected 'shop', 'other'.", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public async Task Backup_InvalidId_IsRefused(string id) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Engine.BackupAsync(new MemoryFiles(), repository, Request(id)));

    [Fact]
    public async Task Backup_UnchangedSource_WritesOnlyARoot()
    {
        var files = SomeFiles();
        await Engine.BackupAsync(files, repository, Request("first"));
        var counting = new FaultyRepository(repository);

        await Engine.BackupAsync(files, counting, Request("second"));

        // One chunk is sent before it is known that all are there, and nothing of it is stored.
        var objects = await ObjectsAsync(repository);
        Assert.Equal(2, objects.Count(item => item.Key.StartsWith("snapshots/", StringComparison.Ordinal)));
        Assert.Equal(7, objects.Count(item => item.Key.StartsWith("data/", StringComparison.Ordinal)));
        Assert.InRange(counting.Writes, 1, 6);
    }

    [Fact]
    public async Task Backup_FileChangesOnceWhileRead_HasTheNewContent()
    {
        var files = SomeFiles();
        var source = new ShiftingSource(files, "long", times: 1, () => files.Write("long", Bytes.Of(Chunk + 5, seed: 9)));

        var snapshot = await Engine.BackupAsync(source, repository, Request());

        Assert.Equal((6, 0, 0), (snapshot.Files, snapshot.Vanished, snapshot.Unread));
        await AssertRestoresAsync(repository, "files-1", files);
    }

    [Fact]
    public async Task Backup_FileVanishesWhileRead_IsCountedAndNotRestored()
    {
        var files = SomeFiles();
        var source = new ShiftingSource(files, "long", times: 1, () => files.Remove("long"));

        var snapshot = await Engine.BackupAsync(source, repository, Request());

        Assert.Equal((5, 1, 0, true), (snapshot.Files, snapshot.Vanished, snapshot.Unread, snapshot.IsComplete));
        await AssertRestoresAsync(repository, "files-1", files);
    }

    [Fact]
    public async Task Backup_FileKeepsChanging_IsRecordedAsUnreadNeverTorn()
    {
        var files = SomeFiles();
        var source = new ShiftingSource(files, "long", times: 100, () => files.Write("long", Bytes.Of(Chunk + 5, seed: 9)));

        var snapshot = await Engine.BackupAsync(source, repository, Request());

        Assert.Equal((5, 0, 1, false), (snapshot.Files, snapshot.Vanished, snapshot.Unread, snapshot.IsComplete));
        files.Remove("long");
        await AssertRestoresAsync(repository, "files-1", files);
    }

    [Fact]
    public async Task Backup_RestorePoint_IsTheEarlierOfClaimedAndBegun()
    {
        var begun = DateTimeOffset.UtcNow;

        var earlier = await Engine.BackupAsync(new MemoryFiles(), repository, Request("a") with { RestorePoint = begun.AddMinutes(-5) });
        var later = await Engine.BackupAsync(new MemoryFiles(), repository, Request("b") with { RestorePoint = begun.AddDays(5) });

        Assert.Equal(begun.AddMinutes(-5), earlier.RestorePoint);
        Assert.InRange(later.RestorePoint, begun, DateTimeOffset.UtcNow);
        Assert.InRange(later.CompletedAt, later.RestorePoint, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Backup_Cancelled_StopsAndLeavesNoSnapshot()
    {
        using var stop = new CancellationTokenSource();
        var files = SomeFiles();
        var source = new ShiftingSource(files, "chunk", times: 1, stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine.BackupAsync(source, repository, Request(), null, stop.Token));

        Assert.Empty(await ObjectsAsync(repository, "snapshots/"));
    }

    [Fact]
    public async Task Backup_Progress_EndsWithAllDone()
    {
        var reports = new Reports();

        var snapshot = await Engine.BackupAsync(SomeFiles(), repository, Request(), reports);

        Assert.Equal(new BackupProgress(6, 6, snapshot.Bytes, snapshot.Bytes, IsTotalFinal: true), reports.Last);
    }

    private sealed class Reports : IProgress<BackupProgress>
    {
        public BackupProgress Last { get; private set; }

        public void Report(BackupProgress value) => Last = value;
    }
}
