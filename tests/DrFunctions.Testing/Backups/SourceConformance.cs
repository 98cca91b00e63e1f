using DrFunctions.Backup;
using DrFunctions.Backup.Sources;
using Xunit;

namespace DrFunctions.Testing.Backups;

/// <summary>What every <see cref="IBackupSource"/> does.</summary>
public abstract class SourceConformance
{
    [Fact]
    public async Task List_SomeFiles_HasEachOnceWithLengthAndVersion()
    {
        var source = await OpenAsync();
        await WriteAsync("a", [1]);
        await WriteAsync("b/c.txt", [1, 2]);
        await WriteAsync("b/ä ö+%20#?.txt", []);

        var listed = await ListAsync(source);

        Assert.Equal([("a", 1L), ("b/c.txt", 2L), ("b/ä ö+%20#?.txt", 0L)], listed.Select(entry => (entry.Path, entry.Length)).Order());
        Assert.All(listed, entry => Assert.NotEmpty(entry.Version));
        Assert.All(listed, entry => Assert.Null(entry.Unsupported));
    }

    [Fact]
    public async Task List_NamesThatSortAroundASlash_AreInTheOrderOfTheirBytes()
    {
        var source = await OpenAsync();
        foreach (var path in new[] { "b", "a/z", "a-b", "a0", "a/b/c", "a/b-c", "Z", "ä", "a/b0" })
        {
            await WriteAsync(path, [1]);
        }

        Assert.Equal(["Z", "a-b", "a/b-c", "a/b/c", "a/b0", "a/z", "a0", "b", "ä"], (await ListAsync(source)).Select(entry => entry.Path));
    }

    [Fact]
    public async Task OpenRead_Listed_HasTheContent()
    {
        var source = await OpenAsync();
        var content = Bytes.Of(5 * 1024 * 1024, seed: 1);
        await WriteAsync("dir/file", content);

        var entry = Assert.Single(await ListAsync(source));

        await using var stream = await source.OpenReadAsync(entry, default);
        Assert.Equal(content, await Bytes.ReadAsync(stream));
    }

    [Fact]
    public async Task OpenRead_ChangedSinceListed_ThrowsSourceChanged()
    {
        var source = await OpenAsync();
        await WriteAsync("file", [1, 2, 3]);
        var entry = Assert.Single(await ListAsync(source));

        await WriteAsync("file", [4, 5, 6, 7]);

        var error = await Assert.ThrowsAsync<BackupException>(() => source.OpenReadAsync(entry, default));
        Assert.Equal(BackupErrors.SourceChanged, error.Code);
        Assert.Contains("'file'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRead_GoneSinceListed_IsNeverRead()
    {
        var source = await OpenAsync();
        await WriteAsync("file", [1, 2, 3]);
        var entry = Assert.Single(await ListAsync(source));

        await RemoveAsync("file");

        var error = await Assert.ThrowsAsync<BackupException>(() => source.OpenReadAsync(entry, default));

        // A service may say that the version is not there rather than that nothing is; the next look tells.
        Assert.Contains(error.Code, new[] { BackupErrors.SourceVanished, BackupErrors.SourceChanged });
        Assert.Null(await source.FindAsync("file", default));
    }

    [Fact]
    public async Task Find_Present_IsWhatIsListed()
    {
        var source = await OpenAsync();
        await WriteAsync("dir/file", [1, 2, 3]);
        var listed = Assert.Single(await ListAsync(source));

        var found = await source.FindAsync("dir/file", default);

        Assert.Equal((listed.Path, listed.Length, listed.Version), (found?.Path, found?.Length, found?.Version));
    }

    /// <summary>A source that exists and is empty.</summary>
    protected abstract Task<IBackupSource> OpenAsync();

    /// <summary>Writes a file of the source.</summary>
    protected abstract Task WriteAsync(string path, byte[] content);

    /// <summary>Removes a file of the source.</summary>
    protected abstract Task RemoveAsync(string path);

    // Folders have tests of their own: not every source has any.
    private static async Task<List<SourceEntry>> ListAsync(IBackupSource source)
    {
        var found = new List<SourceEntry>();
        await foreach (var entry in source.ListAsync(default))
        {
            if (entry.Kind == EntryKind.File)
            {
                found.Add(entry);
            }
        }

        return found;
    }
}
