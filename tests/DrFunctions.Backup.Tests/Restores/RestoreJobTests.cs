using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Restores;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Transfers;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;
using static DrFunctions.Backup.Tests.Backups.Jobs;
using static DrFunctions.Backup.Tests.Transfers.Backups;
using Jobs = DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Restores;

public sealed class RestoreJobTests : IAsyncLifetime
{
    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync() => (await Opened.CreateAsync(objects)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task RunAsync_TwiceIntoOneTarget_LeavesWhatIsRight()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files);
        var target = new MemoryFiles();
        await RestoreAsync(objects, target);
        target.Write("text", new byte[20_000]);
        target.Remove("small/one");

        var result = await RestoreAsync(objects, target);

        Assert.Equal((2, 4, 20_003, 41_003), (result.FilesWritten, result.FilesUnchanged, result.BytesWritten, result.BytesUnchanged));
        AssertSame(files, target);
    }

    /// <summary>Files of many chunks, some of them many times in it, cut anywhere; whatever fits into a batch, and however few parts the target takes.</summary>
    [Theory]
    [InlineData(RestoreBatch.MostCost, int.MaxValue)]
    [InlineData(20_000, int.MaxValue)]
    [InlineData(1, int.MaxValue)]
    [InlineData(RestoreBatch.MostCost, 3)]
    public async Task RunAsync_LongFiles_AreRight(long batchCost, int mostParts)
    {
        var place = new MemoryRepository();
        (await Opened.CreateAsync(place, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength)).Dispose();
        var files = new MemoryFiles();
        files.Write("a", Bytes.Of(5_000_001, seed: 1));
        files.Write("b", Bytes.Of(70_000_003, seed: 2));
        files.Write("c", new byte[40_000_000]);
        files.Write("d", Bytes.Of(4 * 1024 * 1024, seed: 3));
        files.Write("e", []);
        await BackupAsync(place, files);

        using var folder = new TemporaryFolder();
        var target = new FewParts(new FolderTarget(folder.Combine("target")), mostParts);
        using (var repository = await Opened.OpenAsync(place))
        {
            await new RestoreJob(
                repository, "files-1", target, new RestoreOptions(), new BackupEngineOptions(), new ProgressMeter(null, TimeProvider.System), batchCost: batchCost).RunAsync(default);
        }

        Assert.Equal(mostParts < int.MaxValue, target.Longest > ChunkingParameters.Default.Maximum);
        Assert.Equal(["a", "b", "c", "d", "e"], Directory.EnumerateFileSystemEntries(folder.Combine("target")).Select(Path.GetFileName).Order());
        Assert.All(files.Paths, path => Assert.True(files.Read(path).AsSpan().SequenceEqual(File.ReadAllBytes(folder.Combine("target", path))), path));
        await AssertCleanAsync(place);
        await Jobs.AssertRestoresAsync(place, "files-1", files);
    }

    [Fact]
    public async Task RunAsync_ManySmallFiles_AreFewRequests()
    {
        var files = new MemoryFiles();
        for (var number = 0; number < 3000; number++)
        {
            files.Write($"{number:D5}", Bytes.Of(number % 100, seed: number));
        }

        var place = new MemoryRepository();
        (await Opened.CreateAsync(place, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength)).Dispose();
        await BackupAsync(place, files);
        var counted = new CountedReads(place);

        var target = new MemoryFiles();
        await RestoreAsync(counted, target);

        AssertSame(files, target);
        Assert.Equal(2, (await ObjectsAsync(place, "packs/")).Count);
        Assert.Equal(3, counted.Pieces); // The manifest's list, its pieces, and all files.
    }

    [Fact]
    public async Task RunAsync_SomePaths_RestoresThoseAndDeletesNoOthers()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files);
        var target = new MemoryFiles();
        target.Write("mine", [1]);
        target.Write("small/extra", [1]);

        var result = await RestoreAsync(objects, target, options: new RestoreOptions { DeleteExtra = true }, include: path => path.StartsWith("small/", StringComparison.Ordinal));

        Assert.Equal((3, 1), (result.FilesWritten, result.FilesDeleted));
        Assert.Equal(["mine", "small/one", "small/two", "small/ä ö/%20?#.bin"], target.Paths);
    }

    [Fact]
    public async Task RunAsync_PathLeadsOutside_IsRefusedBeforeAnythingIsWritten()
    {
        var files = Jobs.SomeFiles();
        files.Write("../outside", [1]);
        await BackupAsync(objects, files);
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, new FolderTarget(folder.Combine("target"))));

        Assert.Equal(BackupErrors.UnsafePath, error.Code);
        Assert.False(Directory.Exists(folder.Combine("target")));
    }

    [Fact]
    public async Task RunAsync_NoSuchSnapshot_SaysSo() => Assert.Equal(
        BackupErrors.SnapshotNotFound, (await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, new MemoryFiles(), "none"))).Code);

    [Fact]
    public async Task RunAsync_APackIsDamaged_NamesItsFilesAndRestoresTheOthers()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files);
        var hit = await DamageDataPackAsync();

        var target = new MemoryFiles();
        var error = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, target));
        var check = await CheckAsync(objects);

        Assert.Equal(BackupErrors.DataDamaged, error.Code);
        var named = check.Problems.Where(problem => problem.Path is not null).Select(problem => problem.Path ?? "").ToList();
        Assert.NotEmpty(named);
        Assert.Contains(check.Problems, problem => problem.Path is null && problem.Message.Contains(hit, StringComparison.Ordinal));
        Assert.All(named, path => Assert.Contains($"'{path}': the object '{hit}' in memory is damaged", error.Message, StringComparison.Ordinal));
        Assert.Equal(files.Paths.Except(named), target.Paths);
        Assert.All(target.Paths, path => Assert.Equal(files.Read(path), target.Read(path)));
    }

    [Fact]
    public async Task RunAsync_TargetFailsMidway_EndsAndTheNextRunGoesOn()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files);
        var target = new MemoryFiles();
        var commits = 0;
        var options = new RestoreOptions
        {
            BeforeCommit = _ => Interlocked.Increment(ref commits) == 3
                ? throw new BackupException(BackupErrors.TargetFull, "no room", isTransient: false, "")
                : Task.CompletedTask,
        };

        var error = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, target, options: options));
        Assert.Equal(BackupErrors.TargetFull, error.Code);
        Assert.True(target.Paths.Count < files.Paths.Count);

        await RestoreAsync(objects, target);
        AssertSame(files, target);
    }

    [Fact]
    public async Task RunAsync_IndexesLost_RestoresByThePacks()
    {
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files);
        await objects.DeleteAsync(Assert.Single(await ObjectsAsync(objects, "indexes/")).Key, default);

        await Jobs.AssertRestoresAsync(objects, "files-1", files);
    }

    private async Task<string> DamageDataPackAsync()
    {
        // The longest packs hold files; the manifest's is short.
        var pack = (await ObjectsAsync(objects, "packs/")).OrderByDescending(item => item.Length).First();
        var content = await ReadAsync(objects, pack.Key);
        content[SealedFormat.HeaderLength + 10] ^= 1;
        await objects.ReplaceAsync(pack.Key, content, default);
        return pack.Key;
    }

    /// <summary>A target that takes few parts of a file; remembers the longest.</summary>
    private sealed class FewParts(IRestoreTarget inner, int mostParts) : IRestoreTarget
    {
        private int longest;

        public int Longest => longest;

        public int MostParts => mostParts;

        public string Description => inner.Description;

        public void Validate(string path) => inner.Validate(path);

        public IAsyncEnumerable<TargetEntry> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

        public Task<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) => inner.OpenReadAsync(path, cancellationToken);

        public async Task<IRestoreWriter> BeginAsync(SourceEntry entry, CancellationToken cancellationToken) =>
            new Writer(this, await inner.BeginAsync(entry, cancellationToken));

        public Task DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

        public Task EndAsync(CancellationToken cancellationToken) => inner.EndAsync(cancellationToken);

        private sealed class Writer(FewParts owner, IRestoreWriter inner) : IRestoreWriter
        {
            public async Task WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
            {
                for (var seen = owner.longest; content.Length > seen; seen = owner.longest)
                {
                    Interlocked.CompareExchange(ref owner.longest, content.Length, seen);
                }

                await Task.Yield(); // As a network does.
                await inner.WriteAsync(offset, content, cancellationToken);
            }

            public Task CommitAsync(CancellationToken cancellationToken) => inner.CommitAsync(cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }

    private sealed class CountedReads(IRepository inner) : IRepository
    {
        private int pieces;

        public int Pieces => pieces;

        public string Description => inner.Description;

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

        public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref pieces);
            return inner.ReadAsync(key, offset, target, cancellationToken);
        }

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);
    }
}
