using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Backup.Tests.Transfers;

/// <summary>Sources and assertions that the engine's tests share.</summary>
internal static class Backups
{
    public const int Chunk = 4 * 1024 * 1024;

    public static BackupEngine Engine { get; } = new(new BackupEngineOptions { Parallelism = 4 });

    public static SnapshotRequest Request(string id = "files-1") => new(id, "shop", "files");

    /// <summary>Empty, small, equal, exactly one chunk, and longer files.</summary>
    public static MemoryFiles SomeFiles()
    {
        var files = new MemoryFiles();
        files.Write("empty", []);
        files.Write("small/one", [1, 2, 3]);
        files.Write("small/two", [1, 2, 3]);
        files.Write("small/ä ö/%20?#.bin", Bytes.Of(1000, seed: 1));
        files.Write("chunk", Bytes.Of(Chunk, seed: 2));
        files.Write("long", Bytes.Of((2 * Chunk) + 17, seed: 3));
        return files;
    }

    public static async Task AssertRestoresAsync(IRepository repository, string snapshotId, MemoryFiles expected)
    {
        var target = new MemoryFiles();
        var result = await Engine.RestoreAsync(repository, snapshotId, target);
        AssertSame(expected, target);
        Assert.Equal(expected.Paths.Count, result.FilesWritten);
    }

    public static void AssertSame(MemoryFiles expected, MemoryFiles actual)
    {
        Assert.Equal(expected.Paths, actual.Paths);
        Assert.All(expected.Paths, path => Assert.True(expected.Read(path).AsSpan().SequenceEqual(actual.Read(path)), path));
    }

    public static async Task<List<RepositoryObject>> ObjectsAsync(IRepository repository, string prefix = "")
    {
        var found = new List<RepositoryObject>();
        await foreach (var item in repository.ListAsync(prefix, default))
        {
            found.Add(item);
        }

        return found;
    }

    public static async Task<byte[]> ReadAsync(IRepository repository, string key)
    {
        await using var stream = await repository.OpenReadAsync(key, default) ?? throw new InvalidOperationException($"'{key}' is missing.");
        return await Bytes.ReadAsync(stream);
    }
}
