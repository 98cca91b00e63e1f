using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repairs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using DrFunctions.Backup.Transfers;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Backups.Jobs;
using static DrFunctions.Backup.Tests.Transfers.Backups;
using Jobs = DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Repairs;

public sealed class RepositoryRepairTests : IAsyncLifetime
{
    private readonly MemoryRepository objects = new();
    private readonly MemoryRepository copy = new();

    public async Task InitializeAsync()
    {
        (await Opened.CreateAsync(objects)).Dispose();
        await BackupAsync(objects, Jobs.SomeFiles());
        var more = Jobs.SomeFiles();
        more.Write("new", Bytes.Of(9_000, seed: 8));
        await BackupAsync(objects, more, "files-2", SnapshotKind.Incremental);
        using var repository = await Opened.OpenAsync(objects);
        await new CopyJob(repository, copy, new ProgressMeter(null, TimeProvider.System)).RunAsync(default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public static TheoryData<Damage> Damages => [.. Enum.GetValues<Damage>()];

    [Fact]
    public async Task RunAsync_NothingIsWrong_WritesNothing()
    {
        var before = await ContentAsync(objects);

        var result = await RepairAsync(objects, new RepairOptions { Copy = copy });

        Assert.True(result.IsWhole);
        Assert.Empty(result.Objects);
        Assert.Equal(before, await ContentAsync(objects));
    }

    /// <summary>Each object by itself, of every kind: afterwards the repository is what the copy is.</summary>
    [Theory]
    [MemberData(nameof(Damages))]
    public async Task RunAsync_AnyObjectIsDamaged_IsHealedFromTheCopy(Damage damage)
    {
        var right = await ContentAsync(objects);
        foreach (var key in right.Keys.Where(key => damage != Damage.Missing || !key.StartsWith("snapshots/", StringComparison.Ordinal)))
        {
            var place = await Opened.CloneAsync(objects);
            await HarmAsync(place, key, damage);

            var result = await RepairAsync(place, new RepairOptions { Copy = copy });

            // An index is made anew, under another name; of one that is missing nobody knows that it was there.
            Assert.True(result.IsWhole, key);
            if (key.StartsWith("indexes/", StringComparison.Ordinal))
            {
                Assert.Equal(damage == Damage.Missing ? [] : [(key, RepairOutcome.PutAside)], result.Objects.Select(item => (item.Key, item.Outcome)));
            }
            else
            {
                Assert.Equal([(key, RepairOutcome.Healed)], result.Objects.Select(item => (item.Key, item.Outcome)));
                Assert.Equal(right, await ContentAsync(place));
            }

            await AssertCleanAsync(place);
            await Jobs.AssertRestoresAsync(place, "files-1", Jobs.SomeFiles());
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task RunAsync_EveryObjectIsDamaged_IsHealedFromTheCopy(Damage damage)
    {
        foreach (var key in (await ContentAsync(objects)).Keys.Where(key => damage != Damage.Missing || !key.StartsWith("snapshots/", StringComparison.Ordinal)))
        {
            // All slots gone would be another repository; here one of the two is.
            if (damage != Damage.Missing || !key.StartsWith("keys/", StringComparison.Ordinal) || key.EndsWith("/ann", StringComparison.Ordinal))
            {
                await HarmAsync(objects, key, damage);
            }
        }

        await RepairAsync(objects, new RepairOptions { Copy = copy });
        if (damage == Damage.Missing)
        {
            await CopyBackAsync(); // What nothing names any more only a copy the other way brings back.
        }

        await AssertCleanAsync(objects);
        await Jobs.AssertRestoresAsync(objects, "files-1", Jobs.SomeFiles());
    }

    [Fact]
    public async Task RunAsync_DryRun_SaysTheSameAndWritesNothing()
    {
        var pack = (await ObjectsAsync(objects, "packs/"))[0].Key;
        await HarmAsync(objects, pack, Damage.Flipped);
        await HarmAsync(objects, "config", Damage.Missing);
        await HarmAsync(objects, "snapshots/files-1", Damage.Flipped);
        var before = await ContentAsync(objects);

        var result = await RepairAsync(objects, new RepairOptions { Copy = copy, DryRun = true });

        Assert.Equal(before, await ContentAsync(objects));
        Assert.Equal(new[] { "config", pack, "snapshots/files-1" }.Order(StringComparer.Ordinal), result.Objects.Select(item => item.Key));
        Assert.All(result.Objects, item => Assert.Equal(RepairOutcome.CanBeHealed, item.Outcome));
        Assert.Equal(0, result.AffectedCount);
    }

    [Fact]
    public async Task RunAsync_DryRunWithoutACopy_NamesTheFilesThatNeedTheDamagedPack()
    {
        var pack = await PackOfAsync("long");
        await HarmAsync(objects, pack, Damage.Missing);
        var before = await ContentAsync(objects);

        var result = await RepairAsync(objects, new RepairOptions { DryRun = true });

        Assert.Equal(before, await ContentAsync(objects));
        Assert.Contains(result.Affected, file => file is { SnapshotId: "files-1", Path: "long" });
        Assert.Contains(result.Affected, file => file is { SnapshotId: "files-2", Path: "long" });
        Assert.False(result.IsWhole);
    }

    [Fact]
    public async Task RunAsync_NothingHasTheChunk_NamesItsFilesAndSavesTheOthers()
    {
        var pack = await PackOfAsync("long");
        await FlipAsync(objects, pack, 50); // In the pack's first chunk.

        var result = await RepairAsync(objects, new RepairOptions());

        Assert.Equal([(pack, RepairOutcome.PutAside)], result.Objects.Select(item => (item.Key, item.Outcome)));
        Assert.NotEqual(0, result.ChunksFromHere);
        var path = Assert.Single(result.Affected.Select(file => file.Path).Distinct());
        Assert.Equal(["files-1", "files-2"], result.Affected.Select(file => file.SnapshotId));
        Assert.NotNull(await objects.OpenReadAsync("damaged/" + pack, default));
        var check = await CheckAsync(objects);
        Assert.All(check.Problems, problem => Assert.Equal(path, problem.Path));
        var target = new MemoryFiles();
        await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, target));
        Assert.Equal(Jobs.SomeFiles().Paths.Where(each => each != path).Order(), target.Paths.Order());

        // The next backup stores it again.
        await BackupAsync(objects, Jobs.SomeFiles(), "files-3", SnapshotKind.Incremental);
        await AssertCleanAsync(objects);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_TheSourceHasTheContent_EveryFileIsSaved(bool missing)
    {
        foreach (var item in await ObjectsAsync(objects, "packs/"))
        {
            if (item.Key != await PackOfAsync("long"))
            {
                continue;
            }

            await HarmAsync(objects, item.Key, missing ? Damage.Missing : Damage.Flipped);
        }

        var result = await RepairAsync(objects, new RepairOptions { Source = Jobs.SomeFiles() });

        Assert.True(result.IsWhole);
        Assert.NotEqual(0, result.ChunksFromSource);
        await AssertCleanAsync(objects);
        await Jobs.AssertRestoresAsync(objects, "files-1", Jobs.SomeFiles());
    }

    [Fact]
    public async Task RunAsync_TheSourceHasOtherContent_IsNoHelpAndSaysSo()
    {
        await HarmAsync(objects, await PackOfAsync("long"), Damage.Missing);
        var changed = new MemoryFiles();
        changed.Write("long", Bytes.Of(40_000, seed: 99));

        var result = await RepairAsync(objects, new RepairOptions { Source = changed });

        Assert.Equal(0, result.ChunksFromSource);
        Assert.Contains(result.Affected, file => file is { SnapshotId: "files-1", Path: "long" });
    }

    /// <summary>Two bad copies of one pack, each with another chunk damaged, are one good one.</summary>
    [Fact]
    public async Task RunAsync_BothRegionsHaveThePackDamagedElsewhere_TheChunksAreTakenFromBoth()
    {
        var pack = await PackOfAsync("long");
        await FlipAsync(objects, pack, 50);
        await FlipAsync(copy, pack, (await ReadAsync(copy, pack)).Length / 2);

        var result = await RepairAsync(objects, new RepairOptions { Copy = copy });

        Assert.True(result.IsWhole);
        Assert.Equal(1, result.ChunksFromCopy);
        await AssertCleanAsync(objects);
        await Jobs.AssertRestoresAsync(objects, "files-1", Jobs.SomeFiles());
    }

    [Fact]
    public async Task RunAsync_TheCopyIsAnotherRepository_IsRefusedAndChangesNothing()
    {
        var other = new MemoryRepository();
        (await Opened.CreateAsync(other)).Dispose();
        var before = await ContentAsync(objects);

        var error = await Assert.ThrowsAsync<BackupException>(() => RepairAsync(objects, new RepairOptions { Copy = other }));

        Assert.Equal((BackupErrors.RepositoryExists, "memory holds another repository than memory; nothing in it was changed."), (error.Code, error.Message));
        Assert.Equal(before, await ContentAsync(objects));
    }

    [Fact]
    public async Task RunAsync_ASlotThatWasRemovedHere_IsNotBroughtBack()
    {
        var ring = new KeyRing(objects, [new PassphraseWrapper("open", iterations: 10)], TimeProvider.System);
        await ring.RotateAsync("paper", new PassphraseWrapper("new", iterations: 1), default);

        await RepairAsync(objects, new RepairOptions { Copy = copy });

        Assert.Equal(["ann", "paper-2"], (await ring.ListAsync(default)).Select(slot => slot.Name));
    }

    /// <summary>Killed before and after every write, healing from the copy, or from the source alone: what could be restored still can, and the repeated repair ends.</summary>
    [Theory]
    [InlineData(true, Death.Before)]
    [InlineData(true, Death.After)]
    [InlineData(false, Death.Before)]
    [InlineData(false, Death.After)]
    public async Task RunAsync_KilledAtEveryWrite_LosesNothingAndIsEndedByTheNext(bool fromCopy, Death death)
    {
        await HarmAsync(objects, await PackOfAsync("long"), Damage.Flipped);
        if (fromCopy)
        {
            await HarmAsync(objects, "config", Damage.Flipped);
            await HarmAsync(objects, "snapshots/files-1", Damage.Cut);
            await HarmAsync(objects, (await ObjectsAsync(objects, "indexes/"))[0].Key, Damage.Flipped);
        }

        var options = fromCopy ? new RepairOptions { Copy = copy } : new RepairOptions { Source = Jobs.SomeFiles() };
        var restorable = fromCopy ? 0 : await RestorableAsync(objects);
        var writes = 0;
        while (true)
        {
            var place = await Opened.CloneAsync(objects);
            if (await Record.ExceptionAsync(() => RepairAsync(new FaultyRepository(place, writes + 1, death), options)) is not { } died)
            {
                break; // It has no more writes than were tried.
            }

            Assert.Equal("died", died.Message);
            writes++;
            if (!fromCopy)
            {
                Assert.True(await RestorableAsync(place) >= restorable, $"write {writes}");
            }

            Assert.True((await RepairAsync(place, options)).IsWhole, $"write {writes}");
            await AssertCleanAsync(place);
            await Jobs.AssertRestoresAsync(place, "files-1", Jobs.SomeFiles());
        }

        Assert.InRange(writes, 4, 30);
    }

    /// <summary>A single bit anywhere in a pack or an index is found and healed.</summary>
    [Fact]
    public async Task RunAsync_AnyBitFlipped_IsHealed()
    {
        foreach (var item in await ObjectsAsync(objects))
        {
            for (var at = 0; at < item.Length; at += Math.Max(1, (int)item.Length / 12))
            {
                var place = await Opened.CloneAsync(objects);
                await FlipAsync(place, item.Key, at);

                var outcome = item.Key.StartsWith("indexes/", StringComparison.Ordinal) ? RepairOutcome.PutAside : RepairOutcome.Healed;
                Assert.Equal([(item.Key, outcome)], (await RepairAsync(place, new RepairOptions { Copy = copy })).Objects.Select(each => (each.Key, each.Outcome)));
            }
        }
    }

    public enum Damage
    {
        Flipped,
        Cut,
        Missing,
    }

    private static Task<RepairResult> RepairAsync(IRepository place, RepairOptions options) =>
        new RepositoryRepair(place, [new PassphraseWrapper("open", iterations: 10), new RecoveryKeyWrapper(new byte[RecoveryKey.Length])], options, TimeProvider.System).RunAsync(null, default);

    private static async Task<int> RestorableAsync(MemoryRepository place)
    {
        var target = new MemoryFiles();
        await Record.ExceptionAsync(() => RestoreAsync(place, target));
        return target.Paths.Count;
    }

    private static async Task HarmAsync(MemoryRepository place, string key, Damage damage)
    {
        var content = await ReadAsync(place, key);
        switch (damage)
        {
            case Damage.Flipped:
                await FlipAsync(place, key, Math.Min(50, content.Length - 1));
                break;
            case Damage.Cut:
                await place.ReplaceAsync(key, content.AsMemory(0, content.Length / 2), default);
                break;
            default:
                await place.DeleteAsync(key, default);
                break;
        }
    }

    private static async Task FlipAsync(MemoryRepository place, string key, int at)
    {
        var content = await ReadAsync(place, key);
        content[at] ^= 1;
        await place.ReplaceAsync(key, content, default);
    }

    private static async Task<SortedDictionary<string, string>> ContentAsync(MemoryRepository place)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in await ObjectsAsync(place))
        {
            content[item.Key] = Convert.ToHexString(await ReadAsync(place, item.Key));
        }

        return content;
    }

    private async Task CopyBackAsync()
    {
        using var repository = await Opened.OpenAsync(copy);
        await new CopyJob(repository, objects, new ProgressMeter(null, TimeProvider.System)).RunAsync(default);
    }

    /// <summary>The pack of data that holds a file's first chunk.</summary>
    private async Task<string> PackOfAsync(string path)
    {
        using var repository = await Opened.OpenAsync(copy);
        var index = await RepositoryIndex.OpenAsync(repository, default);
        using var fetch = new DrFunctions.Backup.Packs.ChunkFetch(repository, index);
        var snapshot = await new DrFunctions.Backup.Snapshots.SnapshotStore(repository).GetAsync("files-1", default);
        await foreach (var entry in new DrFunctions.Backup.Manifests.ManifestReader(fetch).EntriesAsync(snapshot.Manifest, "files-1", default))
        {
            if (entry.Source.Path == path && await index.FindAsync(entry.Chunks[0].Id, default) is { } found)
            {
                return found.Pack.Id.Key;
            }
        }

        throw new InvalidOperationException($"'{path}' is in no pack");
    }
}
