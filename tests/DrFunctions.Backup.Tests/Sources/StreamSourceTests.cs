using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Sources;

public sealed class StreamSourceTests : IAsyncLifetime
{
    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync() => (await Opened.CreateAsync(objects)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8192)]
    [InlineData(1_000_001)]
    public async Task Stream_OfAnyLength_ComesBack(int length)
    {
        var content = Bytes.Of(length, seed: 1);

        var taken = await BackupAsync(objects, new StreamSource("dumps/shop.sql", new Dripping(content)));

        var target = new MemoryFiles();
        await RestoreAsync(objects, target);
        Assert.Equal((1, length, true), (taken.Files, taken.Bytes, taken.IsComplete));
        Assert.Equal(content, target.Read("dumps/shop.sql"));
        Assert.Equal(["dumps/shop.sql"], target.Paths);
        await AssertCleanAsync(objects);
    }

    /// <summary>What was there yesterday is stored once.</summary>
    [Fact]
    public async Task Stream_NearlyTheSameAgain_AddsALittle()
    {
        var content = Bytes.Of(200_000, seed: 1);
        await BackupAsync(objects, new StreamSource("dump", new Dripping(content)), "one");

        var second = await BackupAsync(objects, new StreamSource("dump", new Dripping([.. content, 1, 2, 3])), "two", SnapshotKind.Incremental);

        Assert.Equal("one", second.Parent);
        Assert.InRange(second.BytesAdded, 1, 10_000);
    }

    [Fact]
    public async Task Stream_Breaks_IsInNoSnapshot()
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => BackupAsync(objects, new StreamSource("dump", new Dripping(Bytes.Of(100_000, seed: 1), breaks: true))));

        Assert.Equal((BackupErrors.StorageUnavailable, "The stream dump broke: the pipe is broken."), (error.Code, error.Message));
        Assert.Equal(BackupErrors.SnapshotNotFound, (await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, new MemoryFiles()))).Code);
    }

    [Fact]
    public async Task Stream_ItsWriterFails_IsInNoSnapshot()
    {
        var source = new StreamSource("dump", new Dripping(Bytes.Of(100_000, seed: 1)), _ => throw new BackupException(BackupErrors.StorageRefused, "pg_dump ended with 1.", isTransient: false, ""));

        Assert.Equal("pg_dump ended with 1.", (await Assert.ThrowsAsync<BackupException>(() => BackupAsync(objects, source))).Message);
        Assert.Equal(BackupErrors.SnapshotNotFound, (await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, new MemoryFiles()))).Code);
    }

    [Fact]
    public async Task Stream_ReadTwice_SaysSo()
    {
        var source = new StreamSource("dump", new Dripping([1]));
        await BackupAsync(objects, source, "one");

        var error = await Assert.ThrowsAsync<BackupException>(() => BackupAsync(objects, source, "two"));

        Assert.Equal((BackupErrors.StorageRefused, "The stream dump was read already."), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("../dump", "has a part '..', which leads outside")]
    [InlineData("/dump", "is absolute")]
    public void Name_ThatNoFolderHolds_IsRefused(string name, string reason) =>
        Assert.StartsWith($"The name '{name}' {reason}", Assert.Throws<ArgumentException>(() => new StreamSource(name, Stream.Null)).Message, StringComparison.Ordinal);

    /// <summary>Gives a few bytes at a time, as pipes do.</summary>
    private sealed class Dripping(byte[] content, bool breaks = false) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            breaks && Position > Length / 2
                ? throw new IOException("the pipe is broken.")
                : base.ReadAsync(buffer[..Math.Min(buffer.Length, 3000)], cancellationToken);
    }
}
