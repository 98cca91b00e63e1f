using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Files;

namespace DrFunctions.Backup.Tests.Sources;

/// <summary>What is excluded is not looked into, on any machine.</summary>
public sealed class FolderExcludeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FolderExcludeTests()
    {
        foreach (var path in new[] { "a", "cache/one", "cache/deep/two", "docs/cache", "docs/b" })
        {
            var file = folder.Combine(path.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!); // It is below the folder.
            File.WriteAllText(file, path);
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_Excluded_IsLeftOutWithAllBelow(bool isLinux)
    {
        var asked = new List<string>();
        var source = new FolderSource(
            folder.Path,
            new FolderSourceOptions
            {
                Exclude = path =>
                {
                    asked.Add(path);
                    return path is "cache" or "docs/b";
                },
            },
            isLinux && OperatingSystem.IsLinux());

        var listed = await source.ListAsync(default).Select(entry => entry.Path).Where(path => path != "/").ToListAsync();

        Assert.Equal(["a", "docs/", "docs/cache"], listed);
        Assert.DoesNotContain(asked, path => path.StartsWith("cache/", StringComparison.Ordinal) || path.EndsWith('/'));
    }
}
