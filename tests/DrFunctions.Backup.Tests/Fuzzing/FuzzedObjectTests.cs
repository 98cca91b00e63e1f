using System.Globalization;
using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Restores;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Shards;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Golden;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Tests.Fuzzing;

/// <summary>
/// Whatever lies in a repository, who reads it gets what was written or an error of the engine's own, in bounded memory and in the end. <c>DR_SCHEDULES</c> says how many objects are changed.
/// </summary>
[Collection(nameof(Alone))]
public class FuzzedObjectTests
{
    private const long MostBytes = 1L << 30;

    private static readonly int Schedules = int.Parse(Environment.GetEnvironmentVariable("DR_SCHEDULES") ?? "60", CultureInfo.InvariantCulture);
    private static readonly PassphraseWrapper Secret = new("golden passphrase ä");

    [Fact]
    public async Task Read_AnyObjectChanged_IsRightOrAnErrorOfTheEngine()
    {
        var golden = new FolderRepository(GoldenRepositoryTests.Folder);
        var told = 0;
        for (var seed = 0; seed < Schedules; seed++)
        {
            var objects = await Opened.CloneAsync(golden);
            string how;
            using (var repository = await OpenedRepository.OpenAsync(objects, Secret, default))
            {
                how = await Mutation.ApplyAsync(repository, new Random(seed));
            }

            foreach (var (name, read) in Readers())
            {
                var before = GC.GetTotalAllocatedBytes();
                try
                {
                    // The limit is no measurement: what hangs would hang for good.
                    await Task.Run(() => read(objects)).WaitAsync(TimeSpan.FromMinutes(5));
                }
                catch (BackupException error)
                {
                    told++;
                    Assert.False(string.IsNullOrWhiteSpace(error.Message), $"seed {seed}, {how}, {name}");
                }
                catch (Exception error) when (error is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"seed {seed}, {how}, {name}: {error}");
                }

                Assert.True(GC.GetTotalAllocatedBytes() - before < MostBytes, $"seed {seed}, {how}, {name}: {GC.GetTotalAllocatedBytes() - before} bytes of memory");
            }
        }

        Assert.InRange(told, 1, int.MaxValue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_AChunkThatGetsLongerThanItSays_IsDamaged(bool isZstd)
    {
        using var repository = await Opened.CreateAsync(new MemoryRepository());
        var codec = isZstd ? Codec.Zstd : Codec.Brotli;
        var bomb = new byte[256 * 1024];
        using var compressor = new ChunkCompressor(codec);
        var stored = new byte[bomb.Length];
        var (_, length) = compressor.Compress(bomb, stored);
        using var builder = new PackBuilder(repository.Keys, Opened.PackLength);
        var id = repository.Keys.NameOf(bomb);
        builder.Add(id, codec, stored.AsSpan(0, length), Opened.Chunking.Maximum);
        var pack = builder.Close();
        await repository.Objects.TryCreateAsync(pack.Id.Key, pack.Content, default);
        var batch = new IndexBatch();
        batch.Add(new IndexedPack(pack.Id, pack.Content[..SealedFormat.HeaderLength].ToArray(), pack.Content.Length), pack.Entries);
        var index = await RepositoryIndex.OpenAsync(repository, default);
        await index.WriteAsync(batch, default);
        using var fetch = new ChunkFetch(repository, index);
        BackupException? said = null;

        await fetch.ReadAsync([id], (_, _) => Assert.Fail("it was read"), (_, error) => said = error, default);

        Assert.Equal(BackupErrors.DataDamaged, said?.Code);
    }

    private static IEnumerable<(string Name, Func<IRepository, Task> Read)> Readers()
    {
        var meter = new ProgressMeter(null, TimeProvider.System);
        yield return ("snapshots", objects => UseAsync(objects, async repository => await new BackupEngine().ListAsync(repository).CountAsync()));
        foreach (var id in new[] { "golden-1", "golden-2" })
        {
            yield return ("restore", objects => UseAsync(objects, async repository =>
            {
                var target = new MemoryFiles();
                await new RestoreJob(repository, id, target, new RestoreOptions { Include = path => path != "folder/pipe" && path != "holes" && path != "link" }, new BackupEngineOptions(), meter).RunAsync(default);
                var source = new GoldenSource(id == "golden-2");
                Assert.All(target.Paths, path => Assert.Equal(source.ContentOf(path), target.Read(path)));
            }));
        }

        yield return ("check", objects => UseAsync(objects, repository => new CheckJob(repository, new RepositoryCheckOptions(), meter).RunAsync(default)));
        yield return ("view", objects => UseAsync(objects, repository => WriterView.OpenAsync(repository, default)));
        yield return ("prune", objects => UseAsync(objects, repository => new PruneJob(repository, new PruneOptions { DryRun = true }, TimeProvider.System, meter).RunAsync(default)));
        yield return ("holds", objects => UseAsync(objects, repository => new HoldStore(repository).ListAsync(default)));
        yield return ("parts", objects => UseAsync(objects, async repository =>
        {
            await new ShardStore(repository, "golden-3").FindBeginningAsync(default);
            await new ShardStore(repository, "golden-3").FindAsync(null, default);
        }));
        yield return ("rebuild", objects => UseAsync(objects, repository => IndexRebuild.RunAsync(repository, default)));
    }

    private static async Task UseAsync(IRepository objects, Func<OpenedRepository, Task> use)
    {
        using var repository = await OpenedRepository.OpenAsync(objects, Secret, default);
        await use(repository);
    }
}
