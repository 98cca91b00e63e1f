using DrFunctions.Backup.Repositories;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;

namespace DrFunctions.Backup.Tests.Repositories;

public sealed class MemoryRepositoryTests : RepositoryConformance
{
    protected override Task<IRepository> OpenAsync() => Task.FromResult<IRepository>(new MemoryRepository());
}

public sealed class FolderRepositoryTests : RepositoryConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TryCreate_Done_LeavesNoTemporaryFile()
    {
        var repository = await OpenAsync();
        await repository.TryCreateAsync("data/a", new byte[10], default);
        await repository.TryCreateAsync("data/a", new byte[10], default);

        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName);

        Assert.Equal([".lock", "a"], files.Order());
    }

    [Fact]
    public async Task TryCreate_FolderIsAFile_NamesTheFolder()
    {
        var place = folder.Combine("file");
        await File.WriteAllTextAsync(place, "");

        var error = await Assert.ThrowsAsync<BackupException>(() => new FolderRepository(place).TryCreateAsync("data/a", new byte[1], default));

        Assert.Equal(BackupErrors.StorageRefused, error.Code);
        Assert.StartsWith($"Could not write 'data/a' in '{place}': ", error.Message, StringComparison.Ordinal);
    }

    protected override Task<IRepository> OpenAsync() => Task.FromResult<IRepository>(new FolderRepository(folder.Combine("repository")));
}
