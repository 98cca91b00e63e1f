using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Sources;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;
using static DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Restores;

public sealed class FileDumpTests : IAsyncLifetime
{
    private static readonly BackupEngine Engine = new();

    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync() => (await Opened.CreateAsync(objects)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Of many parts, of one, of the same chunk again and again, of none.</summary>
    [Theory]
    [InlineData("random", 30_000_001)]
    [InlineData("zeros", 20_000_000)]
    [InlineData("random", 4 * 1024 * 1024)]
    [InlineData("random", 1)]
    [InlineData("random", 0)]
    public async Task DumpAsync_OfAnyLength_IsTheContent(string what, int length)
    {
        var place = new MemoryRepository();
        (await Opened.CreateAsync(place, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength)).Dispose();
        var files = new MemoryFiles();
        files.Write("a/b", what == "zeros" ? new byte[length] : Bytes.Of(length, seed: 1));
        files.Write("other", [1]);
        await BackupAsync(place, files);
        var output = new MemoryStream();

        var dumped = await DumpAsync(place, "a/b", output);

        Assert.Equal(("a/b", length), (dumped.Entry.Path, dumped.Entry.Length));
        Assert.Equal(files.Read("a/b"), output.ToArray());
    }

    [LinuxFact]
    public async Task DumpAsync_Holes_AreZerosInAPipeAndHolesInAFile()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine("source"));
        await using (var sparse = File.Create(folder.Combine("source", "sparse")))
        {
            sparse.Position = 3_000_000;
            await sparse.WriteAsync(Bytes.Of(5000, seed: 1));
            sparse.Position = 9_000_000;
            await sparse.WriteAsync(Bytes.Of(5000, seed: 2));
            sparse.SetLength(20_000_000);
        }

        var snapshot = await BackupAsync(objects, new FolderSource(folder.Combine("source")));
        var expected = await File.ReadAllBytesAsync(folder.Combine("source", "sparse"));
        var (inMemory, pipe) = (new MemoryStream(), new MemoryStream());
        await DumpAsync(objects, "sparse", inMemory);
        await DumpAsync(objects, "sparse", new Forwards(pipe));

        Assert.True(snapshot.BytesAdded < 1_000_000, "the file has no holes here");
        Assert.Equal(expected, inMemory.ToArray());
        Assert.Equal(expected, pipe.ToArray());
    }

    [Theory]
    [InlineData("missing", "There is no file 'missing' in the snapshot 'files-1' of memory.")]
    [InlineData("folder", "'folder' of the snapshot 'files-1' is a folder; expected a file.")]
    [InlineData("folder/", "'folder/' of the snapshot 'files-1' is of the kind Folder; expected a file.")]
    [InlineData("link", "'link' of the snapshot 'files-1' is of the kind SymbolicLink; expected a file.")]
    public async Task DumpAsync_NoFile_SaysWhatItIsAndWritesNothing(string path, string message)
    {
        var files = new MemoryFiles();
        await files.MakeAsync(new SourceEntry { Path = "folder/", Kind = EntryKind.Folder, Length = 0, LastModified = default, Version = "" }, default);
        await files.MakeAsync(new SourceEntry { Path = "link", Kind = EntryKind.SymbolicLink, LinkTarget = "a", Length = 0, LastModified = default, Version = "" }, default);
        await BackupAsync(objects, files);
        var output = new MemoryStream();

        var error = await Assert.ThrowsAsync<BackupException>(() => DumpAsync(objects, path, output));

        Assert.Equal((BackupErrors.FileNotFound, message, 0), (error.Code, error.Message, output.Length));
    }

    /// <summary>Whatever pack is damaged: what was written is the beginning of the file, and the end is said to be missing.</summary>
    [Fact]
    public async Task DumpAsync_APackIsDamaged_WritesNoWrongByteAndFails()
    {
        var files = new MemoryFiles();
        var content = Bytes.Of(9_000_000, seed: 1);
        files.Write("a", content);
        await BackupAsync(objects, files);
        var failed = 0;
        foreach (var pack in (await Transfers.Backups.ObjectsAsync(objects)).Where(item => item.Key.StartsWith("packs/", StringComparison.Ordinal)).Where((_, number) => number % 40 == 0))
        {
            var damaged = await Opened.CloneAsync(objects);
            var bytes = await Transfers.Backups.ReadAsync(damaged, pack.Key);
            bytes[bytes.Length / 3] ^= 1;
            await damaged.ReplaceAsync(pack.Key, bytes, default);
            var output = new MemoryStream();

            var error = await Record.ExceptionAsync(() => DumpAsync(damaged, "a", new Forwards(output)));

            Assert.Equal(content.AsSpan(0, (int)output.Length).ToArray(), output.ToArray());
            if (error is not null)
            {
                Assert.Contains(Assert.IsType<BackupException>(error).Code, new[] { BackupErrors.DataDamaged, BackupErrors.DataMissing });
                Assert.True(output.Length < content.Length);
                failed++;
            }
        }

        Assert.True(failed > 5, $"{failed} failed");
    }

    [Fact]
    public async Task DumpAsync_TheReaderIsGone_PassesItsExceptionOn()
    {
        await BackupAsync(objects, SomeFiles());
        using var folder = new TemporaryFolder();
        await using var closed = File.Create(folder.Combine("a"));
        await closed.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => DumpAsync(objects, "long", closed));
    }

    private static async Task<Listings.SnapshotFile> DumpAsync(IRepository place, string path, Stream output)
    {
        using var repository = await Opened.OpenAsync(place);
        return await Engine.DumpAsync(repository, "files-1", path, output);
    }

    /// <summary>A pipe: what is written is written.</summary>
    private sealed class Forwards(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
