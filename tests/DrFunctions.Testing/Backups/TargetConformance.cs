using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using Xunit;

namespace DrFunctions.Testing.Backups;

/// <summary>What every <see cref="IRestoreTarget"/> does.</summary>
public abstract class TargetConformance
{
    private const int Part = 4 * 1024 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(Part)]
    [InlineData((2 * Part) + 5)]
    public async Task Commit_AfterAllParts_ShowsTheFile(int length)
    {
        var target = await OpenAsync();
        var content = Bytes.Of(length, seed: 2);

        await using (var writer = await target.BeginAsync(Entry("dir/file", length), default))
        {
            // The last part first, all at once: order must not matter.
            await Task.WhenAll(Parts(length).Reverse().Select(offset =>
                writer.WriteAsync(offset, content.AsMemory(offset, Math.Min(Part, length - offset)), default)));
            Assert.Null(await target.OpenReadAsync("dir/file", default));
            await writer.CommitAsync(default);
        }

        Assert.Equal(content, await ReadAsync(target, "dir/file"));
        Assert.Equal([new TargetEntry("dir/file", length)], await ListAsync(target));
    }

    [Fact]
    public async Task Commit_PartsOfAnyLength_ShowsTheFile()
    {
        var target = await OpenAsync();
        var content = Bytes.Of(2_000_000, seed: 3);
        Range[] parts = [1_000_000..1_999_999, 0..1, 1_999_999..2_000_000, 1..1_000_000];

        await using (var writer = await target.BeginAsync(Entry("file", content.Length), default))
        {
            await Task.WhenAll(parts.Select(part => writer.WriteAsync(part.Start.Value, content.AsMemory(part), default)));
            await writer.CommitAsync(default);
        }

        Assert.Equal(content, await ReadAsync(target, "file"));
    }

    [Fact]
    public async Task Dispose_WithoutCommit_LeavesTheOldFile()
    {
        var target = await OpenAsync();
        await WriteAsync(target, "file", [1, 2, 3]);

        await using (var writer = await target.BeginAsync(Entry("file", 4), default))
        {
            await writer.WriteAsync(0, new byte[] { 9, 9, 9, 9 }, default);
        }

        Assert.Equal([1, 2, 3], await ReadAsync(target, "file"));
        Assert.Equal([new TargetEntry("file", 3)], await ListAsync(target));
    }

    [Fact]
    public async Task Commit_ExistingFile_ReplacesIt()
    {
        var target = await OpenAsync();
        await WriteAsync(target, "file", Bytes.Of(Part + 1, seed: 1));

        await WriteAsync(target, "file", [4, 5]);

        Assert.Equal([4, 5], await ReadAsync(target, "file"));
    }

    [Fact]
    public async Task Delete_PresentThenMissing_LeavesNothing()
    {
        var target = await OpenAsync();
        await WriteAsync(target, "dir/file", [1]);

        await target.DeleteAsync("dir/file", default);
        await target.DeleteAsync("dir/file", default);

        Assert.Empty(await ListAsync(target));
        Assert.Null(await target.OpenReadAsync("dir/file", default));
    }

    [Fact]
    public async Task List_BeforeAnyWrite_IsEmpty() => Assert.Empty(await ListAsync(await OpenAsync()));

    /// <summary>A target that nothing was restored to; it need not exist yet.</summary>
    protected abstract Task<IRestoreTarget> OpenAsync();

    /// <summary>An entry as a manifest has it.</summary>
    protected static SourceEntry Entry(string path, long length) =>
        new() { Path = path, Length = length, LastModified = new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero), Version = "1" };

    /// <summary>Restores a file of a few parts.</summary>
    protected static async Task WriteAsync(IRestoreTarget target, string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(target);
        await using var writer = await target.BeginAsync(Entry(path, content.Length), default);
        foreach (var offset in Parts(content.Length))
        {
            await writer.WriteAsync(offset, content.AsMemory(offset, Math.Min(Part, content.Length - offset)), default);
        }

        await writer.CommitAsync(default);
    }

    private static IEnumerable<int> Parts(int length) => Enumerable.Range(0, (length + Part - 1) / Part).Select(part => part * Part);

    private static async Task<byte[]> ReadAsync(IRestoreTarget target, string path)
    {
        await using var stream = await target.OpenReadAsync(path, default);
        return await Bytes.ReadAsync(Assert.IsType<Stream>(stream, exactMatch: false));
    }

    private static async Task<List<TargetEntry>> ListAsync(IRestoreTarget target)
    {
        var found = new List<TargetEntry>();
        await foreach (var entry in target.ListAsync(default))
        {
            found.Add(entry);
        }

        return found;
    }
}
