using System.Globalization;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repairs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Backups;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Prunes;

/// <summary>
/// Bad days for copies, prunes and repairs, by a seed: whatever fails before or after its effect, is cut short or listed late, and however often it is begun again, all that must be visible restores, and nothing is
/// in the way in the end. Forty of each, or as many as <c>DR_SCHEDULES</c> says.
/// </summary>
public sealed class FaultScheduleTests
{
    private const int MostAttempts = 20;

    private static readonly int Schedules = int.Parse(Environment.GetEnvironmentVariable("DR_SCHEDULES") ?? "40", CultureInfo.InvariantCulture);

    private static PruneOptions Thorough { get; } = PruneScene.Options with { MaxUnused = 0.05 };

    [Fact]
    public Task Copy_AnySchedule_EndsAndIsClean() => EachAsync(async seed =>
    {
        var random = new Random(seed);
        var (origin, scene) = (await PruneScene.CreateAsync(), PruneScene.Nothing());
        var (from, to) = (Flaky(origin.Objects, seed, random), Flaky(scene.Objects, seed + 1, random));
        for (var day = 0; day < 3; day++)
        {
            await origin.BackupAsync($"day-{day}", Some(random), (SnapshotKind)random.Next(3));
            await TryAsync(() => scene.CopyFromAsync(origin, to, from), random.Next(1, MostAttempts));
            await NextDayAsync(scene, random, to, $"day-{random.Next(day + 1)}");
            origin.Advance(1.1);
        }

        (from.IsOn, to.IsOn) = (false, false);
        await scene.CopyFromAsync(origin);
        await MustShowAsync(scene, origin, seed);
        return from.Failures + to.Failures;
    });

    [Fact]
    public Task Prune_AnySchedule_EndsAndIsClean() => EachAsync(async seed =>
    {
        var random = new Random(seed);
        var scene = await PruneScene.CreateAsync();
        var flaky = Flaky(scene.Objects, seed, random);
        for (var day = 0; day < 6; day++)
        {
            var (id, files) = ($"day-{day}", Some(random));
            var copy = PruneScene.Copy(files);
            if (await TryAsync(() => Jobs.BackupAsync(flaky, files, id, (SnapshotKind)random.Next(3), time: scene.Time), random.Next(1, MostAttempts)))
            {
                scene.Expected[id] = copy;
            }

            await NextDayAsync(scene, random, flaky, $"day-{random.Next(day + 1)}");
        }

        flaky.IsOn = false;
        await MustShowAsync(scene, scene, seed);
        return flaky.Failures;
    });

    [Fact]
    public Task Repair_AnySchedule_EndsAndIsClean() => EachAsync(async seed =>
    {
        var random = new Random(seed);
        var scene = await PruneScene.CreateAsync();
        for (var day = 0; day < 3; day++)
        {
            await scene.BackupAsync($"day-{day}", Some(random), (SnapshotKind)random.Next(3));
        }

        // What was whole is in the copy, and what is harmed is in the source, too.
        var copy = await Repositories.Opened.CloneAsync(scene.Objects);
        var packs = await ObjectsAsync(scene.Objects, "packs/");
        foreach (var pack in packs.OrderBy(item => item.Key, StringComparer.Ordinal).Where(_ => random.Next(4) == 0).ToList())
        {
            await HarmAsync(scene.Objects, pack.Key, random);
        }

        var flaky = Flaky(scene.Objects, seed, random);
        var options = new RepairOptions { Copy = Flaky(copy, seed + 1, random) };
        for (var day = 0; day < 4; day++)
        {
            await TryAsync(() => RepairAsync(flaky, options), random.Next(1, MostAttempts / 4));
            scene.Advance(1.1 * random.Next(2));
            await TryAsync(() => scene.PruneAsync(Thorough, flaky), random.Next(1, 3));
        }

        flaky.IsOn = false;
        Assert.True((await RepairAsync(scene.Objects, options with { Copy = copy })).IsWhole, $"seed {seed}");
        await MustShowAsync(scene, scene, seed);
        return flaky.Failures;
    });

    private static async Task EachAsync(Func<int, Task<int>> day)
    {
        var failures = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Schedules), async (seed, _) =>
        {
            try
            {
                Interlocked.Add(ref failures, await day(seed));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
            }
        });

        Assert.InRange(failures, Schedules, int.MaxValue); // Otherwise there were no bad days.
    }

    // Prunes as far as the day lets it, and removes a snapshot: it is expected no more, whether that took effect or not.
    private static async Task NextDayAsync(PruneScene scene, Random random, IRepository flaky, string old)
    {
        scene.Advance(1.1 * random.Next(1, 4));
        var options = random.Next(2) == 0 ? Thorough : Thorough with { Remove = new HashSet<string> { old } };
        if (options.Remove.Count > 0)
        {
            scene.Expected.Remove(old);
        }

        await TryAsync(() => scene.PruneAsync(options, flaky), random.Next(1, MostAttempts));
    }

    private static async Task MustShowAsync(PruneScene scene, PruneScene origin, int seed)
    {
        var shown = (await ObjectsAsync(scene.Objects, "snapshots/")).Where(item => item.Length > 110).Select(item => item.Key["snapshots/".Length..]).ToHashSet();
        if (scene == origin)
        {
            Assert.Subset(shown, scene.Expected.Keys.ToHashSet());
        }

        var check = await Jobs.CheckAsync(scene.Objects);
        Assert.True(check.Problems.Count == 0, $"seed {seed}: {string.Join("; ", check.Problems)}");
        foreach (var (id, files) in origin.Expected.Where(one => shown.Contains(one.Key)))
        {
            await Jobs.AssertRestoresAsync(scene.Objects, id, files);
        }

        for (var run = 0; run < 8; run++)
        {
            scene.Advance(8);
            var result = await scene.PruneAsync(Thorough);
            Assert.Empty(result.Blocked);
            Assert.Empty(result.UnfinishedCopies);
        }

        await Jobs.AssertCleanAsync(scene.Objects);
        foreach (var (id, files) in origin.Expected.Where(one => shown.Contains(one.Key)))
        {
            await Jobs.AssertRestoresAsync(scene.Objects, id, files);
        }

        var left = await scene.PruneAsync(Thorough with { DryRun = true });
        Assert.Equal((0, 0), (left.PacksWaiting, left.BytesWaiting));
        Assert.Empty(await ObjectsAsync(scene.Objects, "tombstones/"));
        Assert.Empty(await ObjectsAsync(scene.Objects, "repairs/"));
    }

    private static FlakyRepository Flaky(IRepository objects, int seed, Random random) => new(objects, seed, 0.01 + (random.NextDouble() * 0.08));

    private static MemoryFiles Some(Random random)
    {
        var files = new MemoryFiles();
        for (var number = random.Next(1, 6); number > 0; number--)
        {
            var content = random.Next(20);
            for (var version = 0; version <= content; version++)
            {
                files.Write($"file-{number}", []); // So that files with other content are of other versions.
            }

            files.Write($"file-{number}", Bytes.Of(3000 + (content * 500), content));
        }

        return files;
    }

    private static async Task<bool> TryAsync(Func<Task> job, int attempts)
    {
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            try
            {
                await job();
                return true;
            }
            catch (BackupException error)
            {
                // What is listed late is missing until then, also a place's slots; what took too long is given up; and what is harmed a prune may have to read.
                Assert.True(
                    error.Code is BackupErrors.StorageUnavailable or BackupErrors.DataMissing or BackupErrors.DataDamaged or BackupErrors.SnapshotAbandoned or BackupErrors.NoRepository or BackupErrors.WrongSecret,
                    error.ToString());
            }
        }

        return false;
    }

    private static async Task HarmAsync(MemoryRepository place, string key, Random random)
    {
        var content = await ReadAsync(place, key);
        if (random.Next(2) == 0)
        {
            await place.DeleteAsync(key, default);
        }
        else
        {
            content[random.Next(content.Length)] ^= 1;
            await place.ReplaceAsync(key, content, default);
        }
    }

    private static Task<RepairResult> RepairAsync(IRepository place, RepairOptions options) =>
        new RepositoryRepair(place, [new PassphraseWrapper("open", iterations: 10), new RecoveryKeyWrapper(new byte[RecoveryKey.Length])], options, TimeProvider.System).RunAsync(null, default);
}
