using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Testing.Files;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Transfers;

public sealed class RestoreRunTests
{
    private readonly MemoryRepository repository = new();

    [Fact]
    public async Task Restore_MissingSnapshot_SaysSo()
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.RestoreAsync(repository, "none", new MemoryFiles()));

        Assert.Equal((BackupErrors.SnapshotNotFound, "There is no snapshot 'none' in memory."), (error.Code, error.Message));
    }

    [Fact]
    public async Task Restore_OneBitFlippedInAnyDataObject_NamesItsFilesAndWritesNoWrongByte()
    {
        var files = SomeFiles();
        await Engine.BackupAsync(files, repository, Request());
        var objects = await ObjectsAsync(repository, "data/");
        Assert.Equal(7, objects.Count);
        foreach (var item in objects)
        {
            var right = await ReadAsync(repository, item.Key);
            foreach (var bit in new[] { 0L, item.Length * 4, (item.Length * 8) - 1 })
            {
                var wrong = right.ToArray();
                wrong[bit / 8] ^= (byte)(1 << (int)(bit % 8));
                await AssertFailsAsync(files, item.Key, wrong);
            }

            await AssertFailsAsync(files, item.Key, right[..^1]);
            await AssertFailsAsync(files, item.Key, [.. right, 0]);
            await AssertFailsAsync(files, item.Key, []);
            await repository.ReplaceAsync(item.Key, right, default);
        }

        await AssertRestoresAsync(repository, "files-1", files);
    }

    [Fact]
    public async Task Restore_AnyBitOfTheRootFlipped_SaysDamagedAndWritesNothing()
    {
        await Engine.BackupAsync(SomeFiles(), repository, Request());
        var right = await ReadAsync(repository, "snapshots/files-1");
        for (var bit = 0; bit < right.Length * 8; bit++)
        {
            var wrong = right.ToArray();
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            await repository.ReplaceAsync("snapshots/files-1", wrong, default);
            var target = new MemoryFiles();

            var error = await Assert.ThrowsAsync<BackupException>(() => Engine.RestoreAsync(repository, "files-1", target));

            Assert.Equal(BackupErrors.SnapshotDamaged, error.Code);
            Assert.StartsWith("The root 'snapshots/files-1' in memory is damaged: ", error.Message, StringComparison.Ordinal);
            Assert.Empty(target.Paths);
        }
    }

    [Fact]
    public async Task Restore_RootCutAnywhere_SaysDamaged()
    {
        await Engine.BackupAsync(SomeFiles(), repository, Request());
        var right = await ReadAsync(repository, "snapshots/files-1");
        for (var length = 0; length < right.Length; length++)
        {
            await repository.ReplaceAsync("snapshots/files-1", right.AsMemory(0, length), default);

            var error = await Assert.ThrowsAsync<BackupException>(() => Engine.FindAsync(repository, "files-1"));

            Assert.Equal(BackupErrors.SnapshotDamaged, error.Code);
        }
    }

    [Fact]
    public async Task Restore_DataObjectMissing_NamesFileAndObject()
    {
        var files = new MemoryFiles();
        files.Write("kept", [1]);
        files.Write("lost", [2]);
        await Engine.BackupAsync(files, repository, Request());
        const string Key = "data/db/dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986";
        Assert.True(await repository.DeleteAsync(Key, default));
        var target = new MemoryFiles();

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.RestoreAsync(repository, "files-1", target));

        Assert.Equal(BackupErrors.DataMissing, error.Code);
        Assert.Equal(
            $"1 file(s) of snapshot 'files-1' cannot be restored: 'lost': the object '{Key}' is not in memory. All others are in memory.",
            error.Message);
        Assert.Equal(["kept"], target.Paths);
    }

    [Fact]
    public async Task Restore_TargetHasSome_KeepsWhatIsRightAndReplacesTheRest()
    {
        var files = SomeFiles();
        await Engine.BackupAsync(files, repository, Request());
        var target = new MemoryFiles();
        await Engine.RestoreAsync(repository, "files-1", target);
        var wrong = target.Read("long")?.ToArray() ?? [];
        wrong[^1] ^= 1;
        target.Write("long", wrong);
        target.Write("small/one", [1, 2]);
        target.Remove("empty");
        target.Write("extra", [9]);

        var result = await Engine.RestoreAsync(repository, "files-1", target);

        Assert.Equal((3, 3, 0), (result.FilesWritten, result.FilesUnchanged, result.FilesDeleted));
        Assert.Equal((2L * Chunk) + 17 + 3, result.BytesWritten);
        Assert.Equal([9], target.Read("extra"));
        target.Remove("extra");
        AssertSame(files, target);
    }

    [Fact]
    public async Task Restore_DeleteExtra_LeavesExactlyTheSnapshot()
    {
        var files = SomeFiles();
        await Engine.BackupAsync(files, repository, Request());
        var target = new MemoryFiles();
        target.Write("extra/1", [9]);

        var result = await Engine.RestoreAsync(repository, "files-1", target, new RestoreOptions { DeleteExtra = true });

        Assert.Equal(1, result.FilesDeleted);
        AssertSame(files, target);
    }

    [Fact]
    public async Task Restore_UnsafePath_WritesNothingAtAll()
    {
        using var folder = new TemporaryFolder();
        var files = SomeFiles();
        files.Write("zz/../../../escape", [1]);
        await Engine.BackupAsync(files, repository, Request());

        var error = await Assert.ThrowsAsync<BackupException>(
            () => Engine.RestoreAsync(repository, "files-1", new FolderTarget(folder.Combine("target"))));

        Assert.Equal(BackupErrors.UnsafePath, error.Code);
        Assert.Contains("'zz/../../../escape'", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Restore_KilledAtAnyRead_ResumesToTheSame()
    {
        using var folder = new TemporaryFolder();
        var files = SomeFiles();
        await Engine.BackupAsync(files, repository, Request());
        for (var reads = 1; reads <= 8; reads++)
        {
            var target = new FolderTarget(folder.Combine($"target-{reads}"));
            await Assert.ThrowsAsync<BackupException>(() => Engine.RestoreAsync(new DyingReads(repository, reads), "files-1", target));

            await Engine.RestoreAsync(repository, "files-1", target);

            foreach (var path in files.Paths)
            {
                Assert.Equal(files.Read(path), await File.ReadAllBytesAsync(folder.Combine($"target-{reads}", path)));
            }

            Assert.False(Directory.Exists(folder.Combine($"target-{reads}", ".drfunctions-tmp")));
        }
    }

    private async Task AssertFailsAsync(MemoryFiles files, string key, byte[] wrong)
    {
        await repository.ReplaceAsync(key, wrong, default);
        var target = new MemoryFiles();
        target.Write("long", [7]);

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.RestoreAsync(repository, "files-1", target));

        Assert.Equal(BackupErrors.DataDamaged, error.Code);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        var hurt = files.Paths.Where(path => error.Message.Contains($"'{path}'", StringComparison.Ordinal)).ToList();
        Assert.True(hurt.Count > 0 || error.Message.StartsWith("The manifest of snapshot 'files-1' cannot be read", StringComparison.Ordinal), error.Message);
        foreach (var path in target.Paths.Where(path => path != "long" || target.Read(path) is not [7]))
        {
            Assert.True(files.Read(path).AsSpan().SequenceEqual(target.Read(path)), path);
            Assert.DoesNotContain(path, hurt);
        }

        Assert.Equal(hurt.Contains("long") || hurt.Count == 0, target.Read("long") is [7]);
    }

    /// <summary>Whoever reads dies at the nth time.</summary>
    private sealed class DyingReads(IRepository inner, int dieAt) : IRepository
    {
        private int reads;

        public string Description => inner.Description;

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => Interlocked.Increment(ref reads) >= dieAt
            ? throw new BackupException(BackupErrors.StorageUnavailable, "died", isTransient: true, "")
            : inner.OpenReadAsync(key, cancellationToken);

        public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);
    }
}
