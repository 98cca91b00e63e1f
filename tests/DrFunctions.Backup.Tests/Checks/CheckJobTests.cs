using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;
using static DrFunctions.Backup.Tests.Backups.Jobs;
using static DrFunctions.Backup.Tests.Transfers.Backups;
using Jobs = DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Checks;

public sealed class CheckJobTests : IAsyncLifetime
{
    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync()
    {
        (await Opened.CreateAsync(objects)).Dispose();
        var files = Jobs.SomeFiles();
        await BackupAsync(objects, files);
        files.Write("text", [1, 2, 3]);
        await BackupAsync(objects, files, "files-2", SnapshotKind.Incremental);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task RunAsync_NothingWrong_HasReadEverything()
    {
        var check = await CheckAsync(objects);

        var packs = await ObjectsAsync(objects, "packs/");
        Assert.Equal((2, packs.Count, packs.Count, packs.Sum(pack => pack.Length)), (check.Snapshots, check.Packs, check.PacksRead, check.BytesRead));
        Assert.True(check.IsClean);
    }

    /// <summary>Seeded, some bits of every object; in all headers and trailers each.</summary>
    [Fact]
    public async Task RunAsync_AnyBitOfAnyObjectFlipped_IsFoundAndTheObjectIsNamed()
    {
        var random = new Random(7);
        foreach (var item in (await ObjectsAsync(objects)).Where(item => item.Key != "config" && !item.Key.StartsWith("keys/", StringComparison.Ordinal)))
        {
            var content = await ReadAsync(objects, item.Key);
            var ends = Enumerable.Range(0, SealedFormat.HeaderLength * 8).Concat(Enumerable.Range((content.Length - SealedFormat.FooterLength) * 8, SealedFormat.FooterLength * 8));
            foreach (var bit in ends.Where(bit => bit % 5 == 0).Concat(Enumerable.Range(0, 20).Select(_ => random.Next(content.Length * 8))))
            {
                content[bit / 8] ^= (byte)(1 << (bit % 8));
                await objects.ReplaceAsync(item.Key, content.ToArray(), default);
                var problems = (await CheckAsync(objects)).Problems;
                Assert.True(problems.Any(problem => problem.Message.Contains(item.Key, StringComparison.Ordinal)), $"bit {bit} of {item.Key}");
                content[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            await objects.ReplaceAsync(item.Key, content, default);
        }

        Assert.True((await CheckAsync(objects)).IsClean);
    }

    [Fact]
    public async Task RunAsync_AnyObjectIsGone_IsFound()
    {
        foreach (var item in (await ObjectsAsync(objects, "packs/")).Concat(await ObjectsAsync(objects, "indexes/")))
        {
            var content = await ReadAsync(objects, item.Key);
            await objects.DeleteAsync(item.Key, default);

            var check = await CheckAsync(objects);

            Assert.False(check.IsClean, item.Key);
            await objects.TryCreateAsync(item.Key, content, default);
        }

        Assert.True((await CheckAsync(objects)).IsClean);
    }

    [Fact]
    public async Task RunAsync_AnyTwoPacksSwapped_IsFound()
    {
        var packs = await ObjectsAsync(objects, "packs/");
        var (first, second) = (await ReadAsync(objects, packs[0].Key), await ReadAsync(objects, packs[1].Key));
        await objects.ReplaceAsync(packs[0].Key, second, default);
        await objects.ReplaceAsync(packs[1].Key, first, default);

        var messages = (await CheckAsync(objects)).Problems.Select(problem => problem.Message).ToList();

        Assert.Contains(messages, message => message.Contains(packs[0].Key, StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains(packs[1].Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ByTurns_ReadsEveryPackInOneOfThem()
    {
        var read = 0L;
        for (var turn = 0; turn < 5; turn++)
        {
            read += (await CheckAsync(objects, new RepositoryCheckOptions(5, turn))).PacksRead;
        }

        Assert.Equal((await ObjectsAsync(objects, "packs/")).Count, read);
        Assert.Equal(0, (await CheckAsync(objects, new RepositoryCheckOptions(Turns: 0))).PacksRead);
    }

    [Fact]
    public async Task RunAsync_StructureOnly_FindsAPackThatIsGoneAndNamesItsFiles()
    {
        var longest = (await ObjectsAsync(objects, "packs/")).OrderByDescending(item => item.Length).First();
        await objects.DeleteAsync(longest.Key, default);

        var check = await CheckAsync(objects, new RepositoryCheckOptions(Turns: 0));

        Assert.Contains(check.Problems, problem => problem.Message == $"the object '{longest.Key}' in memory is missing");
        Assert.Contains(check.Problems, problem => problem is { SnapshotId: "files-2", Path: not null });
    }

    [Fact]
    public async Task RunAsync_ATreeWithFolders_IsClean()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine("some", "empty"));
        await File.WriteAllTextAsync(folder.Combine("some", "file"), "content");
        await Jobs.BackupAsync(objects, new FolderSource(folder.Path), "tree");

        await Jobs.AssertCleanAsync(objects);
    }

    [Fact]
    public async Task RunAsync_PackThatNoIndexNames_IsNoProblem()
    {
        using var repository = await Opened.OpenAsync(objects);
        using var builder = new PackBuilder(repository.Keys, Opened.PackLength);
        builder.Add(new ChunkId(1, 2), DrFunctions.Backup.Compression.Codec.None, Bytes.Of(10, seed: 1), 10);
        var pack = builder.Close();
        await objects.TryCreateAsync(pack.Id.Key, pack.Content, default);

        Assert.True((await CheckAsync(objects)).IsClean);
    }
}
