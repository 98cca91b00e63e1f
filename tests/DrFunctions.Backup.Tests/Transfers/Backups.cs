using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Backup.Tests.Transfers;

/// <summary>What the tests of repositories and files share.</summary>
internal static class Backups
{
    public static SnapshotRequest Request(string id = "files-1") => new(id, "shop", "files");

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
