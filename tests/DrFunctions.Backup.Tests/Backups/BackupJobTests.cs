using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Packs;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Sources;
using DrFunctions.Backup.Tests.Transfers;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Recovery;
using FsCheck.Fluent;
using static DrFunctions.Backup.Tests.Backups.Jobs;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Backups;

public sealed class BackupJobTests : IAsyncLifetime
{
    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync() => (await Opened.CreateAsync(objects)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task RunAsync_SomeFiles_RestoresBitForBitAndChecksClean()
    {
        var files = Jobs.SomeFiles();

        var snapshot = await BackupAsync(objects, files);

        Assert.Equal(("files-1", "shop", "files", "memory"), (snapshot.Id, snapshot.Workload, snapshot.Policy, snapshot.Source));
        Assert.Equal((6, 61_006, 61_003, 0, 0), (snapshot.Files, snapshot.Bytes, snapshot.BytesAdded, snapshot.Vanished, snapshot.Unread));
        Assert.Equal((SnapshotKind.Full, null, null), (snapshot.Kind, snapshot.Parent, snapshot.LastFull));
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
        await AssertCleanAsync(objects);
        Assert.Empty(await ObjectsAsync(objects, "checkpoints/"));
    }

    [Fact]
    public async Task RunAsync_EmptySource_RestoresNothing()
    {
        var snapshot = await BackupAsync(objects, new MemoryFiles());

        Assert.Equal((0, 0), (snapshot.Files, snapshot.Bytes));
        await Jobs.AssertRestoresAsync(objects, "files-1", new MemoryFiles());
        await AssertCleanAsync(objects);
        Assert.Empty(await ObjectsAsync(objects, "packs/"));
    }

    [Fact]
    public async Task RunAsync_AnyFiles_RoundTrips()
    {
        var sizes = Gen.Frequency((6, Gen.Choose(0, 300)), (2, Gen.Choose(4090, 4100)), (2, Gen.Choose(8185, 8200)), (1, Gen.Choose(50_000, 70_000)));
        var name = Gen.Elements("a", "b/c", "ä", " ", "..", "日本/語", "\"quoted\"", "new\nline", "\\", "\u0001", "😀", "a/", "//");
        var file = name.SelectMany(path => sizes.SelectMany(size => Gen.Choose(0, 3).Select(seed => (path, size, seed))));
        var number = 0;
        foreach (var sample in file.ListOf(6).Sample(12, 60))
        {
            var files = new MemoryFiles();
            foreach (var (path, size, seed) in sample)
            {
                files.Write(path, Bytes.Of(size, seed));
            }

            var id = $"sample-{number++}";
            await BackupAsync(objects, files, id, number % 2 == 0 ? SnapshotKind.Incremental : SnapshotKind.Full);
            await Jobs.AssertRestoresAsync(objects, id, files);
        }

        await AssertCleanAsync(objects);
    }

    /// <summary>
    /// Killed before and after every write of a first and of a second backup: the repository checks clean, what was visible restores, the run that is repeated ends, and
    /// uploads no pack again that was durable.
    /// </summary>
    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task RunAsync_KilledAtEveryWrite_LeavesACleanRepositoryAndIsTakenUp(Death death)
    {
        var (first, second) = (Jobs.SomeFiles(), Jobs.SomeFiles());
        await BackupAsync(objects, first, "first");
        second.Write("long", Bytes.Of(60_000, seed: 4));
        second.Remove("text");
        var whole = await Opened.CloneAsync(objects);
        await BackupAsync(whole, second, "second", SnapshotKind.Incremental);
        using var finished = await Opened.OpenAsync(whole);
        var chunks = await ChunkWriterTests.ChunksInPacksAsync(finished);
        var writes = 0;
        while (await TryKillAsync((inner, turn) => new FaultyRepository(inner, turn, death), writes + 1) is not null)
        {
            writes++;
        }

        // How many packs are filled at once differs from one backup to the next, and so does the number of writes: the last one is asked for by what it is.
        Assert.InRange(writes, 8, 20);
        Assert.True(await TryKillAsync((inner, _) => new FaultyRepository(inner, death: death, dieRemoving: true), 0));

        async Task<bool?> TryKillAsync(Func<IRepository, int, FaultyRepository> kill, int turn)
        {
            var inner = await Opened.CloneAsync(objects);
            var dying = kill(inner, turn);
            if (await Record.ExceptionAsync(() => BackupAsync(dying, second, "second", SnapshotKind.Incremental)) is not { } died)
            {
                return null; // It has no more writes than were tried.
            }

            Assert.Equal("died", died.Message);
            await AssertCleanAsync(inner);
            await Jobs.AssertRestoresAsync(inner, "first", first);

            // The snapshot is the last write but one: the checkpoint's removal is no matter.
            var isVisible = await inner.OpenReadAsync("snapshots/second", default) is not null;
            Assert.Equal(dying.DiedRemoving || (death == Death.After && dying.DiedAt == "snapshots/second"), isVisible);
            if (isVisible)
            {
                await Jobs.AssertRestoresAsync(inner, "second", second);
            }

            await BackupAsync(inner, second, "second", SnapshotKind.Incremental);
            using var repository = await Opened.OpenAsync(inner);
            Assert.Equal(chunks, await ChunkWriterTests.ChunksInPacksAsync(repository));
            await Jobs.AssertRestoresAsync(inner, "second", second);
            await AssertCleanAsync(inner);
            return isVisible;
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public async Task RunAsync_ManyWritersAtOnce_AllRestore(int writers)
    {
        var files = Enumerable.Range(0, writers).Select(writer =>
        {
            var some = Jobs.SomeFiles();
            some.Write($"own-{writer}", Bytes.Of(30_000, seed: writer));
            return some;
        }).ToList();

        await Task.WhenAll(files.Select((some, writer) => Task.Run(() => BackupAsync(objects, some, $"files-{writer}"))));

        foreach (var (writer, some) in files.Index())
        {
            await Jobs.AssertRestoresAsync(objects, $"files-{writer}", some);
        }

        await AssertCleanAsync(objects);
    }

    [Fact]
    public async Task RunAsync_TenAtOnceWithOneId_AllReturnTheOneThatIsThere()
    {
        var files = Jobs.SomeFiles();

        var snapshots = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => BackupAsync(objects, files))));

        Assert.Single(snapshots.Distinct());
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
        await AssertCleanAsync(objects);
    }

    [Fact]
    public async Task RunAsync_SameIdAgain_ReturnsWhatIsThereAndReadsNothing()
    {
        var files = Jobs.SomeFiles();
        var first = await BackupAsync(objects, files);
        files.Write("later", [1]);

        Assert.Equal(first, await BackupAsync(objects, files));
    }

    [Fact]
    public async Task RunAsync_IdOfAnotherPolicy_IsRefused()
    {
        await BackupAsync(objects, new MemoryFiles());
        using var repository = await Opened.OpenAsync(objects);

        var error = await Assert.ThrowsAsync<BackupException>(() => new DrFunctions.Backup.Backups.BackupJob(
            repository, new MemoryFiles(), new SnapshotRequest("files-1", "shop", "other"), new BackupEngineOptions(), TimeProvider.System,
            new DrFunctions.Backup.Transfers.ProgressMeter(null, TimeProvider.System)).RunAsync(default));

        Assert.Equal("The snapshot 'files-1' in memory is of workload 'shop', policy 'files'; expected 'shop', 'other'.", error.Message);
    }

    [Fact]
    public async Task RunAsync_Unchanged_WritesASnapshotAndReadsNoFile()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files, "first");
        var before = await ObjectsAsync(objects);
        var source = new CountedSource(files);

        var snapshot = await BackupAsync(objects, source, "second", SnapshotKind.Incremental);

        Assert.Equal(0, source.Reads);
        Assert.Equal((SnapshotKind.Incremental, "first", "first", 0), (snapshot.Kind, snapshot.Parent, snapshot.LastFull, snapshot.BytesAdded));
        Assert.Equal(["snapshots/second"], (await ObjectsAsync(objects)).Select(item => item.Key).Except(before.Select(item => item.Key)));
        await Jobs.AssertRestoresAsync(objects, "second", files);
    }

    [Fact]
    public async Task RunAsync_FullOrVerified_ReadsEveryFileAndStoresNothingTwice()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files, "first");
        var packs = (await ObjectsAsync(objects, "packs/")).Count;
        var source = new CountedSource(files);

        await BackupAsync(objects, source, "second");
        await BackupAsync(objects, source, "third", SnapshotKind.Incremental, verify: true);

        Assert.Equal(12, source.Reads);
        Assert.Equal(packs, (await ObjectsAsync(objects, "packs/")).Count);
        await Jobs.AssertRestoresAsync(objects, "third", files);
    }

    [Fact]
    public async Task RunAsync_FewFilesChanged_ReadsThoseOnly()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files, "first");
        files.Write("small/one", [7]);
        files.Write("small/new", [8]);
        files.Remove("text");
        var source = new CountedSource(files);

        var snapshot = await BackupAsync(objects, source, "second", SnapshotKind.Incremental);

        Assert.Equal((2, 6, 2), (source.Reads, snapshot.Files, snapshot.BytesAdded));
        await Jobs.AssertRestoresAsync(objects, "second", files);
    }

    [Fact]
    public async Task RunAsync_Differential_ReliesOnTheLastFull()
    {
        var files = Jobs.SomeFiles();
        var time = new MovableClock();
        var place = new MemoryRepository(time);
        (await Opened.CreateAsync(place)).Dispose();
        await Take("full", SnapshotKind.Full);
        await Take("incremental", SnapshotKind.Incremental);

        var differential = await Take("differential", SnapshotKind.Differential);
        var next = await Take("next", SnapshotKind.Incremental);
        var again = await Take("again", SnapshotKind.Full);
        var last = await Take("last", SnapshotKind.Differential);

        Assert.Equal((SnapshotKind.Differential, "full", "full"), (differential.Kind, differential.Parent, differential.LastFull));
        Assert.Equal((SnapshotKind.Incremental, "differential", "full"), (next.Kind, next.Parent, next.LastFull));
        Assert.Equal((SnapshotKind.Full, null, null), (again.Kind, again.Parent, again.LastFull));
        Assert.Equal((SnapshotKind.Differential, "again", "again"), (last.Kind, last.Parent, last.LastFull));

        Task<Snapshot> Take(string id, SnapshotKind kind)
        {
            time.Advance(TimeSpan.FromHours(1));
            return BackupAsync(place, files, id, kind);
        }
    }

    [Fact]
    public async Task RunAsync_IncrementalWithoutAParent_IsFull()
    {
        var snapshot = await BackupAsync(objects, Jobs.SomeFiles(), kind: SnapshotKind.Incremental);

        Assert.Equal((SnapshotKind.Full, null), (snapshot.Kind, snapshot.Parent));
    }

    [Fact]
    public async Task RunAsync_ParentsManifestIsLost_ReadsAllAndRestores()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files, "first");
        foreach (var pack in await ObjectsAsync(objects, "packs/"))
        {
            await objects.DeleteAsync(pack.Key, default);
        }

        foreach (var index in await ObjectsAsync(objects, "indexes/"))
        {
            await objects.DeleteAsync(index.Key, default);
        }

        await BackupAsync(objects, files, "second", SnapshotKind.Incremental);

        await Jobs.AssertRestoresAsync(objects, "second", files);
    }

    [Fact]
    public async Task RunAsync_IndexIsDamaged_UploadsNothingAgainAndIndexesThePacks()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files, "first");
        var packs = (await ObjectsAsync(objects, "packs/")).Count;
        await objects.ReplaceAsync(Assert.Single(await ObjectsAsync(objects, "indexes/")).Key, new byte[100], default);

        await BackupAsync(objects, files, "second");

        Assert.Equal(packs, (await ObjectsAsync(objects, "packs/")).Count);
        Assert.Equal(2, (await ObjectsAsync(objects, "indexes/")).Count);
        await Jobs.AssertRestoresAsync(objects, "first", files);
    }

    /// <summary>What a backup of another id left when it was killed is not uploaded again either; its checkpoint is a prune's.</summary>
    [Fact]
    public async Task RunAsync_AnothersLeftovers_AreUsed()
    {
        var files = Jobs.SomeFiles();
        await Assert.ThrowsAsync<BackupException>(() => BackupAsync(new FaultyRepository(objects, dieAtPrefix: "indexes/"), files, "dead"));
        var packs = (await ObjectsAsync(objects, "packs/")).Count;
        Assert.Empty(await ObjectsAsync(objects, "indexes/"));

        await BackupAsync(objects, files, "next");

        Assert.Equal(packs, (await ObjectsAsync(objects, "packs/")).Count);
        Assert.StartsWith("checkpoints/dead/", Assert.Single(await ObjectsAsync(objects, "checkpoints/")).Key, StringComparison.Ordinal);
    }

    /// <summary>A pack that somebody removed is noticed by the next backup, which stores again what it had.</summary>
    [Fact]
    public async Task RunAsync_PackIsGone_StoresItsContentAgain()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files, "first");
        foreach (var pack in await ObjectsAsync(objects, "packs/"))
        {
            await objects.DeleteAsync(pack.Key, default);
        }

        await BackupAsync(objects, files, "second", SnapshotKind.Incremental);

        await Jobs.AssertRestoresAsync(objects, "second", files);
        await Jobs.AssertRestoresAsync(objects, "first", files);
    }

    [Fact]
    public async Task RunAsync_Failed_LeavesNoCheckpoint()
    {
        using var stop = new CancellationTokenSource();
        var source = new ShiftingSource(Jobs.SomeFiles(), "long", times: 1, stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BackupAsync(objects, source, cancellationToken: stop.Token));

        Assert.Empty(await ObjectsAsync(objects, "checkpoints/"));
    }

    [Fact]
    public async Task RunAsync_FileChangesOnceWhileRead_HasTheNewContent()
    {
        var files = Jobs.SomeFiles();
        var source = new ShiftingSource(files, "long", times: 1, () => files.Write("long", Bytes.Of(50_005, seed: 9)));

        var snapshot = await BackupAsync(objects, source);

        Assert.Equal((6, 0, 0), (snapshot.Files, snapshot.Vanished, snapshot.Unread));
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
    }

    [Fact]
    public async Task RunAsync_FileVanishesWhileRead_IsCountedAndNotRestored()
    {
        var files = Jobs.SomeFiles();
        var source = new ShiftingSource(files, "long", times: 1, () => files.Remove("long"));

        var snapshot = await BackupAsync(objects, source);

        Assert.Equal((5, 1, 0, true), (snapshot.Files, snapshot.Vanished, snapshot.Unread, snapshot.IsComplete));
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
    }

    [Fact]
    public async Task RunAsync_FileKeepsChanging_IsRecordedAsUnreadAndReadByTheNext()
    {
        var files = Jobs.SomeFiles();
        var source = new ShiftingSource(files, "long", times: 100, () => files.Write("long", Bytes.Of(50_005, seed: 9)));

        var snapshot = await BackupAsync(objects, source);
        var next = await BackupAsync(objects, files, "next", SnapshotKind.Incremental);

        Assert.Equal((5, 0, 1, false), (snapshot.Files, snapshot.Vanished, snapshot.Unread, snapshot.IsComplete));
        Assert.Equal((6, 0), (next.Files, next.Unread));
        await Jobs.AssertRestoresAsync(objects, "next", files);
        files.Remove("long");
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
    }

    [Fact]
    public async Task RunAsync_Cancelled_StopsAndLeavesNoSnapshot()
    {
        using var stop = new CancellationTokenSource();
        var files = Jobs.SomeFiles();
        var source = new ShiftingSource(files, "long", times: 1, stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BackupAsync(objects, source, cancellationToken: stop.Token));

        Assert.Empty(await ObjectsAsync(objects, "snapshots/"));
    }

    [Fact]
    public async Task RunAsync_Progress_EndsWithAllDone()
    {
        var reports = new Reports();

        var snapshot = await BackupAsync(objects, Jobs.SomeFiles(), progress: reports);

        Assert.Equal(new BackupProgress(6, 6, snapshot.Bytes, snapshot.Bytes, IsTotalFinal: true), reports.Last);
    }

    private sealed class Reports : IProgress<BackupProgress>
    {
        public BackupProgress Last { get; private set; }

        public void Report(BackupProgress value) => Last = value;
    }

    private sealed class CountedSource(MemoryFiles files) : IBackupSource
    {
        private int reads;

        public int Reads => reads;

        public string Description => files.Description;

        public IAsyncEnumerable<SourceEntry> ListAsync(CancellationToken cancellationToken) => ((IBackupSource)files).ListAsync(cancellationToken);

        public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => files.FindAsync(path, cancellationToken);

        public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref reads);
            return files.OpenReadAsync(entry, cancellationToken);
        }
    }
}
