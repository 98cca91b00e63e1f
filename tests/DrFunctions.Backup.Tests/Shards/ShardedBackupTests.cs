using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Shards;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Backups;
using DrFunctions.Backup.Tests.Packs;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Shards;

public sealed class ShardedBackupTests : IAsyncLifetime
{
    private static readonly ShardLimits Small = new(4, 20_000);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync() => (await Opened.CreateAsync(objects)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task AllShards_RestoreBitForBitAndLeaveNothingBehind()
    {
        var files = Files(30);

        var snapshot = await RunAsync(objects, new PagedFiles(files), "files-1");

        Assert.Equal((30, SnapshotKind.Full), (snapshot.Files, snapshot.Kind));
        Assert.Equal(files.Paths.Sum(path => files.Read(path)!.Length), snapshot.Bytes);
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
        await Jobs.AssertCleanAsync(objects);
        Assert.Empty(await ObjectsAsync(objects, "parts/"));
        Assert.Empty(await ObjectsAsync(objects, "checkpoints/"));
        Assert.Equal(snapshot, await RunAsync(objects, new PagedFiles(Files(1)), "files-1")); // it is there
    }

    [Fact]
    public async Task Nothing_IsASnapshotOfNothing()
    {
        Assert.Equal(0, (await RunAsync(objects, new PagedFiles(new MemoryFiles()), "files-1")).Files);
        await Jobs.AssertCleanAsync(objects);
    }

    [Fact]
    public async Task Incremental_ReadsWhatChangedOnly()
    {
        var files = Files(30);
        await RunAsync(objects, new PagedFiles(files), "first");
        files.Write("file-07", Bytes.Of(900, seed: 700));
        files.Write("file-07a", Bytes.Of(900, seed: 701));
        files.Remove("file-20");
        var source = new PagedFiles(files);

        var snapshot = await RunAsync(objects, source, "second", SnapshotKind.Incremental);

        Assert.Equal((2, SnapshotKind.Incremental, "first", "first"), (source.Reads, snapshot.Kind, snapshot.Parent, snapshot.LastFull));
        Assert.Equal(1_800, snapshot.BytesAdded);
        await Jobs.AssertRestoresAsync(objects, "second", files);

        // A backup that one process takes reads no more of it.
        var alone = new PagedFiles(files);
        await Jobs.BackupAsync(objects, alone, "third", SnapshotKind.Incremental);
        Assert.Equal(0, alone.Reads);
    }

    [Fact]
    public async Task Plan_IsTakenUpAtEveryPage_AndLeavesNothingOut()
    {
        var files = Files(30);
        using var repository = await Opened.OpenAsync(objects);
        var source = new PagedFiles(files, entriesPerPage: 1);
        var (shards, position, plans) = (new List<BackupShard>(), default(ShardPosition), 0);
        do
        {
            var plan = await ShardPlanner.PlanAsync(source, position, Small, pages: 1, default);
            shards.AddRange(plan.Shards);
            position = plan.Next;
            plans++;
        }
        while (position is not null);

        Assert.Equal(30, plans);
        Assert.Equal(30, shards.Sum(shard => shard.Entries));
        Assert.All(shards, shard => Assert.True(shard.Entries <= 4 && (shard.Bytes <= 20_000 || shard.Entries == 1), shard.ToString()));
        Assert.Null(shards[0].From);
        Assert.Null(shards[^1].To);
        Assert.All(shards.Zip(shards.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    /// <summary>An instance that has no time at all still gets on by a file a call.</summary>
    [Fact]
    public async Task Take_TimeIsOver_LeavesARestForTheNextCall()
    {
        var files = Files(9);
        using var repository = await Opened.OpenAsync(objects);
        var backup = Backup(repository, new PagedFiles(files), "files-1");
        await backup.BeginAsync(default);
        BackupShard? shard = new(null, null, null, 0, 0);
        for (var call = 0; call < 9; call++)
        {
            var taken = await backup.TakeAsync(shard, TimeSpan.Zero, null, default);
            Assert.Equal(taken, await backup.TakeAsync(shard, TimeSpan.Zero, null, default));
            Assert.Equal(1, taken.Files);
            Assert.Equal(call == 8, taken.Rest is null);
            shard = taken.Rest!;
        }

        await backup.CommitAsync(default);
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
    }

    [Fact]
    public async Task Commit_AShardIsMissing_NamesItAndShowsNothing()
    {
        using var repository = await Opened.OpenAsync(objects);
        var backup = Backup(repository, new PagedFiles(Files(9)), "files-1");
        await backup.BeginAsync(default);
        var plan = await backup.PlanAsync(null, Small, default);
        await backup.TakeAsync(plan.Shards[0], Long, null, default);

        var error = await Assert.ThrowsAsync<BackupException>(() => backup.CommitAsync(default));

        Assert.Equal(BackupErrors.DataMissing, error.Code);
        Assert.Contains($"'{plan.Shards[0].To}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(await ObjectsAsync(objects, "snapshots/"));
    }

    [Fact]
    public async Task Begin_OfAnotherSource_IsRefused()
    {
        using var repository = await Opened.OpenAsync(objects);
        await Backup(repository, new PagedFiles(Files(1)), "files-1").BeginAsync(default);

        var error = await Assert.ThrowsAsync<BackupException>(() => Backup(repository, new OtherFiles(), "files-1").BeginAsync(default));

        Assert.Equal("The backup 'files-1' in memory was begun of memory; expected elsewhere.", error.Message);
    }

    /// <summary>What a first attempt saw must not count for the time at which another one began.</summary>
    [Fact]
    public async Task Begin_Again_KeepsTheFirstRestorePoint()
    {
        using var repository = await Opened.OpenAsync(objects);
        var clock = new MovableClock();
        await new ShardedBackup(repository, new PagedFiles(Files(3)), Request("files-1"), time: clock).BeginAsync(default);
        var first = clock.GetUtcNow();
        clock.Advance(Long);

        var snapshot = await RunAsync(objects, new PagedFiles(Files(3)), "files-1", time: clock);

        Assert.InRange(snapshot.RestorePoint, MovableClock.Start, first);
    }

    /// <summary>Files come and go between the plan and the shards, and while these are listed: what was there all the time is in the snapshot.</summary>
    [Fact]
    public async Task Files_ThatComeAndGo_LeaveTheOthersAlone()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var clone = await Opened.CloneAsync(objects);
            var files = Files(20);
            var (steady, own) = (files.Paths.ToList(), 0);
            var source = new PagedFiles(files, byBytes: seed % 2 == 0)
            {
                BeforePage = () =>
                {
                    var path = $"file-{random.Next(20):d2}{"abx\u00e9\uff21"[random.Next(5)]}{(random.Next(2) == 0 ? "😀" : "")}";
                    if (random.Next(3) > 0)
                    {
                        files.Write(path, Bytes.Of(random.Next(200), own++));
                    }
                    else
                    {
                        files.Remove(path);
                    }
                },
            };

            var snapshot = await RunAsync(clone, source, "files-1");

            var target = new MemoryFiles();
            await Jobs.RestoreAsync(clone, target);
            Assert.All(steady, path => Assert.True(files.Read(path).AsSpan().SequenceEqual(target.Read(path)), $"{path}, seed {seed}"));
            Assert.Equal(snapshot.Files, target.Paths.Count); // none twice
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Names_ThatTheTwoOrdersDisagreeOn_AreAllTaken(bool byBytes)
    {
        var files = new MemoryFiles();
        foreach (var (index, name) in new[] { "a", "a😀", "a\uff21", "b", "😀", "😀x", "\uff21", "\ue000", "\u00ff", "\ud7ff", "z", "😁", "\uffe0" }.Index())
        {
            files.Write(name, Bytes.Of(100 + index, seed: index));
        }

        await RunAsync(objects, new PagedFiles(files, entriesPerPage: 1, byBytes), "files-1", limits: new ShardLimits(1, 1), budget: TimeSpan.Zero);

        await Jobs.AssertRestoresAsync(objects, "files-1", files);
        await Jobs.AssertCleanAsync(objects);
    }

    [Fact]
    public async Task Plan_OfAListingWithoutOrder_IsRefused()
    {
        var files = Files(9);
        var source = new PagedFiles(files, entriesPerPage: 9);

        var error = await Assert.ThrowsAsync<BackupException>(() => ShardPlanner.PlanAsync(new Backwards(source), null, Small, 100, default));

        Assert.Equal(BackupErrors.StorageRefused, error.Code);
    }

    /// <summary>
    /// Killed before and after every write, one instance after the other: each time nothing is seen of it but what was there, and the next one takes it up without uploading
    /// again what is durable.
    /// </summary>
    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task KilledAtEveryWrite_IsTakenUp(Death death)
    {
        var (before, files) = (Files(5), Files(14));
        await Jobs.BackupAsync(objects, before, "before");
        var whole = await Opened.CloneAsync(objects);
        await RunAsync(whole, new PagedFiles(files), "files-1", SnapshotKind.Incremental, atOnce: 1);
        using var finished = await Opened.OpenAsync(whole);
        var chunks = await ChunkWriterTests.ChunksInPacksAsync(finished);
        for (var writes = 1; ; writes++)
        {
            var inner = await Opened.CloneAsync(objects);
            var dying = new FaultyRepository(inner, writes, death);
            if (await Record.ExceptionAsync(() => RunAsync(dying, new PagedFiles(files), "files-1", SnapshotKind.Incremental, atOnce: 1)) is not { } died)
            {
                Assert.InRange(writes, 20, 60);
                return;
            }

            Assert.Equal("died", died.Message);
            await Jobs.AssertCleanAsync(inner);
            await Jobs.AssertRestoresAsync(inner, "before", before);

            await RunAsync(inner, new PagedFiles(files), "files-1", SnapshotKind.Incremental, atOnce: 1);

            await Jobs.AssertRestoresAsync(inner, "files-1", files);
            await Jobs.AssertCleanAsync(inner);
            using var repository = await Opened.OpenAsync(inner);
            Assert.Equal(chunks, await ChunkWriterTests.ChunksInPacksAsync(repository));
            Assert.Empty(await ObjectsAsync(inner, "parts/"));
        }
    }

    /// <summary>Every call is made by two instances at once.</summary>
    [Fact]
    public async Task EverythingTwiceAtOnce_IsOneSnapshot()
    {
        var files = Files(20);

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => RunAsync(objects, new PagedFiles(files), "files-1"))));

        Assert.Equal(both[0], both[1]);
        await Jobs.AssertRestoresAsync(objects, "files-1", files);
        await Jobs.AssertCleanAsync(objects);
    }

    /// <summary>As the orchestration does it: plans, takes what is planned, some shards at once, and what is left of them, and commits.</summary>
    private static async Task<Snapshot> RunAsync(
        IRepository objects,
        IPagedSource source,
        string id,
        SnapshotKind kind = SnapshotKind.Full,
        ShardLimits? limits = null,
        TimeSpan? budget = null,
        int atOnce = 4,
        TimeProvider? time = null)
    {
        using (var repository = await Opened.OpenAsync(objects))
        {
            var backup = Backup(repository, source, id, kind, time);
            if (await backup.BeginAsync(default) is { } taken)
            {
                return taken;
            }
        }

        for (ShardPosition? at = null; ;)
        {
            using var repository = await Opened.OpenAsync(objects);
            var plan = await Backup(repository, source, id, kind, time).PlanAsync(at, limits ?? Small, default);
            await Parallel.ForEachAsync(plan.Shards, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (shard, token) =>
            {
                for (var left = shard; left is not null;)
                {
                    using var own = await Opened.OpenAsync(objects);
                    left = (await Backup(own, source, id, kind, time).TakeAsync(left, budget ?? Long, null, token)).Rest;
                }
            });
            if (plan.Next is not { } next)
            {
                return await Backup(repository, source, id, kind, time).CommitAsync(default);
            }

            at = next;
        }
    }

    private static ShardedBackup Backup(
        OpenedRepository repository, IPagedSource source, string id, SnapshotKind kind = SnapshotKind.Full, TimeProvider? time = null) =>
        new(repository, source, Request(id) with { Kind = kind }, time: time);

    private static SnapshotRequest Request(string id) => new(id, "shop", "files");

    private static MemoryFiles Files(int count)
    {
        var files = new MemoryFiles();
        for (var number = 0; number < count; number++)
        {
            files.Write($"file-{number:d2}", Bytes.Of(number % 5 == 4 ? 25_000 : 700 + number, seed: number));
        }

        return files;
    }

    private sealed class OtherFiles : IPagedSource
    {
        public string Description => "elsewhere";

        public IAsyncEnumerable<SourcePage> ListPagesAsync(string? marker, CancellationToken cancellationToken) => AsyncEnumerable.Empty<SourcePage>();

        public IAsyncEnumerable<SourceEntry> ListAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<SourceEntry>();

        public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult<SourceEntry?>(null);

        public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken) => Task.FromResult(Stream.Null);
    }

    private sealed class Backwards(PagedFiles files) : IPagedSource
    {
        public string Description => files.Description;

        public async IAsyncEnumerable<SourcePage> ListPagesAsync(
            string? marker, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var page in files.ListPagesAsync(marker, cancellationToken))
            {
                yield return page with { Entries = [.. page.Entries.OrderByDescending(entry => entry.Path, PagedFiles.ByBytes)] };
            }
        }

        public IAsyncEnumerable<SourceEntry> ListAsync(CancellationToken cancellationToken) => files.ListAsync(cancellationToken);

        public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => files.FindAsync(path, cancellationToken);

        public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken) => files.OpenReadAsync(entry, cancellationToken);
    }
}
