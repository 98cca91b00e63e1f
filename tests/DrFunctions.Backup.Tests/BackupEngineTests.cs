using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Listings;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Retention;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Backups;
using DrFunctions.Backup.Tests.Repositories;

namespace DrFunctions.Backup.Tests;

/// <summary>The front door: what callers of other projects see.</summary>
public sealed class BackupEngineTests : IAsyncLifetime
{
    private readonly MemoryRepository objects = new();
    private readonly MovableClock clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly BackupEngine engine;
    private OpenedRepository repository = null!; // Set before each test.

    public BackupEngineTests() => engine = new BackupEngine(new BackupEngineOptions { Parallelism = 4 }, clock);

    public async Task InitializeAsync() => repository = await Opened.CreateAsync(objects);

    public Task DisposeAsync()
    {
        repository.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task CreateAsync_PassphraseAndRecoveryKey_EitherOpensItAndItsCopy()
    {
        var recoveryKey = KeyWrappers.NewRecoveryKey();
        var (place, other, source) = (new MemoryRepository(), new MemoryRepository(), Jobs.SomeFiles());
        using (var made = await engine.CreateAsync(place, new Dictionary<string, IKeyWrapper>
        {
            ["passphrase"] = KeyWrappers.OfPassphrase("open"),
            ["recovery"] = KeyWrappers.OfRecoveryKey(recoveryKey),
        }))
        {
            await engine.BackupAsync(source, made, Request("a"));
            await engine.CopyAsync(made, other);
        }

        using var byPassphrase = await engine.OpenAsync(place, [new KeptKeys(KeyWrappers.OfPassphrase("open"))]);
        using var byRecoveryKey = await engine.OpenAsync(other, [KeyWrappers.OfRecoveryKey(recoveryKey)]);

        Assert.Equal(byPassphrase.Id, byRecoveryKey.Id);
        var target = new MemoryFiles();
        await engine.RestoreAsync(byRecoveryKey, "a", target);
        Transfers.Backups.AssertSame(source, target);
    }

    [Fact]
    public async Task OpenAsync_NothingThere_NamesTheCommandThatMakesOne()
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => engine.OpenAsync(new MemoryRepository(), [KeyWrappers.OfPassphrase("open")]));

        Assert.Equal((BackupErrors.NoRepository, "memory holds no repository."), (error.Code, error.Message));
        Assert.Contains("dr backup init", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public async Task BackupAsync_InvalidId_IsRefused(string id) =>
        await Assert.ThrowsAsync<ArgumentException>(() => engine.BackupAsync(new MemoryFiles(), repository, Request(id)));

    [Fact]
    public async Task BackupAsync_RestorePoint_IsTheEarlierOfClaimedAndBegun()
    {
        var began = clock.Now;

        var earlier = await engine.BackupAsync(new MemoryFiles(), repository, Request("earlier") with { RestorePoint = began.AddHours(-1) });
        var later = await engine.BackupAsync(new MemoryFiles(), repository, Request("later") with { RestorePoint = began.AddHours(1) });

        Assert.Equal(began.AddHours(-1), earlier.RestorePoint);
        Assert.Equal(began, later.RestorePoint);
    }

    [Fact]
    public async Task BackupAsync_LastFullOneIsOldEnough_IsFullAgain()
    {
        var source = Jobs.SomeFiles();
        var kinds = new List<SnapshotKind>();
        for (var day = 0; day < 9; day++)
        {
            kinds.Add((await engine.BackupAsync(source, repository, Request($"day-{day}") with
            {
                Kind = day % 2 == 0 ? SnapshotKind.Incremental : SnapshotKind.Differential,
                FullEvery = TimeSpan.FromDays(4),
            })).Kind);
            clock.Now += TimeSpan.FromDays(1);
        }

        Assert.Equal([0, 4, 8], kinds.Index().Where(day => day.Item == SnapshotKind.Full).Select(day => day.Index));
    }

    [Fact]
    public async Task BackupAsync_LastFullOneIsGone_IsFull()
    {
        var source = Jobs.SomeFiles();
        await engine.BackupAsync(source, repository, Request("full"));
        await engine.BackupAsync(source, repository, Request("next") with { Kind = SnapshotKind.Incremental, FullEvery = TimeSpan.FromDays(4) });
        await objects.DeleteAsync("snapshots/full", default);

        var taken = await engine.BackupAsync(source, repository, Request("after") with { Kind = SnapshotKind.Incremental, FullEvery = TimeSpan.FromDays(4) });

        Assert.Equal(SnapshotKind.Full, taken.Kind);
    }

    [Fact]
    public async Task RestoreAsync_DeleteExtra_LeavesExactlyTheSnapshot()
    {
        var source = Jobs.SomeFiles();
        await engine.BackupAsync(source, repository, Request("a"));
        var target = new MemoryFiles();
        target.Write("more", [9]);
        target.Write("small/three", [9]);
        target.Write("text", [9]);

        var result = await engine.RestoreAsync(repository, "a", target, new RestoreOptions { DeleteExtra = true });

        Transfers.Backups.AssertSame(source, target);
        Assert.Equal((source.Paths.Count, 2), (result.FilesWritten, result.FilesDeleted));
    }

    [Fact]
    public async Task RestoreAsync_KilledAtAnyRead_ResumesToTheSame()
    {
        var source = Jobs.SomeFiles();
        await engine.BackupAsync(source, repository, Request("a"));
        var ended = false;
        for (var read = 1; !ended; read++)
        {
            var (target, deaths) = (new MemoryFiles(), new DyingReads(objects));
            using var mortal = await Opened.OpenAsync(deaths);
            deaths.DieAtRead(read);
            try
            {
                await engine.RestoreAsync(mortal, "a", target);
                ended = true;
            }
            catch (BackupException error)
            {
                Assert.Equal("died", error.Message);
                Assert.All(target.Paths, path => Assert.Equal(source.Read(path), target.Read(path)));
                await engine.RestoreAsync(repository, "a", target);
            }

            Transfers.Backups.AssertSame(source, target);
        }
    }

    [Fact]
    public async Task CheckAsync_RepositoryDoesNotAnswer_IsAnErrorAndNoVerdict()
    {
        await engine.BackupAsync(Jobs.SomeFiles(), repository, Request("a"));
        var deaths = new DyingReads(objects);
        using var mortal = await Opened.OpenAsync(deaths);
        deaths.DieAtRead(3);

        var error = await Assert.ThrowsAsync<BackupException>(() => engine.CheckAsync(mortal));

        Assert.Equal(BackupErrors.StorageUnavailable, error.Code);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(3, 3)]
    [InlineData(0, 1)]
    [InlineData(2, -1)]
    public async Task CheckAsync_TurnsThatContradictEachOther_AreRefused(int turns, int turn) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => engine.CheckAsync(repository, new RepositoryCheckOptions(turns, turn)));

    [Fact]
    public async Task ListFilesAsync_OfASnapshot_HasEveryFileInOrder()
    {
        var source = Jobs.SomeFiles();
        await engine.BackupAsync(source, repository, Request("a"));

        var files = await engine.ListFilesAsync(repository, "a").ToListAsync();

        Assert.Equal(source.Paths, files.Select(file => file.Entry.Path));
        Assert.All(files, file => Assert.Equal(source.Read(file.Entry.Path)!.Length, file.Entry.Length)); // It lists what the source has.
        Assert.All(files, file => Assert.Null(file.Skipped));
    }

    [Fact]
    public async Task DiffAsync_OfTwoSnapshots_NamesWhatBecameOfEachFile()
    {
        var source = Jobs.SomeFiles();
        await engine.BackupAsync(source, repository, Request("before"));
        source.Remove("empty");
        source.Write("added", [1]);
        source.Write("zz/last", [1]);
        source.Write("text", [1, 2]);
        source.Write("small/one", [1, 2, 3]); // Again, with another time.
        await engine.BackupAsync(source, repository, Request("after"));

        Assert.Equal(
            [("added", FileChange.Added), ("empty", FileChange.Removed), ("small/one", FileChange.Touched), ("text", FileChange.Changed), ("zz/last", FileChange.Added)],
            await DiffAsync("before", "after"));
        Assert.Equal(
            [("added", FileChange.Removed), ("empty", FileChange.Added), ("small/one", FileChange.Touched), ("text", FileChange.Changed), ("zz/last", FileChange.Removed)],
            await DiffAsync("after", "before"));
        Assert.Empty(await DiffAsync("before", "before"));

        async Task<List<(string, FileChange)>> DiffAsync(string one, string other) =>
            await engine.DiffAsync(repository, one, other).Select(difference => (difference.Path, difference.Change)).ToListAsync();
    }

    [Fact]
    public async Task DiffAsync_OfAnEmptySnapshot_IsAllThereIs()
    {
        await engine.BackupAsync(new MemoryFiles(), repository, Request("nothing"));
        await engine.BackupAsync(Jobs.SomeFiles(), repository, Request("some"));

        Assert.Equal(Jobs.SomeFiles().Paths, await engine.DiffAsync(repository, "nothing", "some").Select(difference => difference.Path).ToListAsync());
    }

    [Fact]
    public async Task FindAsync_NoneOfThatId_IsNull() => Assert.Null(await engine.FindAsync(repository, "a"));

    [Fact]
    public async Task PruneAsync_ByRules_TellsProgressAndResult()
    {
        foreach (var id in new[] { "a", "b", "c" })
        {
            await engine.BackupAsync(Jobs.SomeFiles(), repository, Request(id));
            clock.Now += TimeSpan.FromMinutes(1);
        }

        var told = new List<BackupProgress>();
        var result = await engine.PruneAsync(
            repository, new PruneOptions { Retention = [new RetentionScope(new RetentionRules { Last = 1, Minimum = 2 })] }, new Told(told.Add));

        Assert.Equal([("c", true), ("b", true), ("a", false)], result.Decisions.Select(decision => (decision.Snapshot.Id, decision.IsKept)));
        Assert.Equal(1, result.SnapshotsRemoved);
        Assert.Equal((2, 2, true), (told[^1].FilesDone, told[^1].FilesTotal, told[^1].IsTotalFinal));
        Assert.Null(await engine.FindAsync(repository, "a"));
    }

    [Fact]
    public async Task PruneAsync_ContradictoryOptions_AreRefusedAndNothingIsWritten()
    {
        var before = await Transfers.Backups.ObjectsAsync(objects);

        var rules = await Assert.ThrowsAsync<ArgumentException>(() => engine.PruneAsync(repository, new PruneOptions { Retention = [new RetentionScope(new RetentionRules { Minimum = 3 })] }));
        var grace = await Assert.ThrowsAsync<ArgumentException>(() => engine.PruneAsync(repository, new PruneOptions { Grace = TimeSpan.FromMinutes(1) }));
        var id = await Assert.ThrowsAsync<ArgumentException>(() => engine.PruneAsync(repository, new PruneOptions { Remove = new HashSet<string> { "../config" } }));

        Assert.StartsWith("no rule keeps anything; expected at least one of last, ", rules.Message, StringComparison.Ordinal);
        Assert.StartsWith("grace is 00:01:00; expected at least the margin, 01:00:00", grace.Message, StringComparison.Ordinal);
        Assert.StartsWith("'../config' is not a snapshot id", id.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Transfers.Backups.ObjectsAsync(objects));
    }

    private static SnapshotRequest Request(string id) => new(id, "shop", "files");

    private sealed class Told(Action<BackupProgress> tell) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value) => tell(value);
    }

    private sealed class MovableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A repository that dies at its nth read.</summary>
    private sealed class DyingReads(IRepository inner) : IRepository
    {
        private int left = int.MaxValue;

        public string Description => inner.Description;

        public void DieAtRead(int read) => left = read;

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => Read(() => inner.OpenReadAsync(key, cancellationToken));

        public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) =>
            Read(() => inner.ReadAsync(key, offset, target, cancellationToken));

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryCreateAsync(key, content, cancellationToken);

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.ReplaceAsync(key, content, cancellationToken);

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => inner.DeleteAsync(key, version, cancellationToken);

        private Task<T> Read<T>(Func<Task<T>> read) => Interlocked.Decrement(ref left) <= 0
            ? throw new BackupException(BackupErrors.StorageUnavailable, "died", isTransient: true, "")
            : read();
    }
}
