using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Backup.Tests.Backups;

/// <summary>A thousand bad days: whatever fails, before or after its effect, and whatever is listed late, what is visible restores, and the job that is repeated ends.</summary>
public sealed class FlakyStorageTests
{
    private const int Schedules = 1000;
    private const int MostAttempts = 200;

    [Fact]
    public async Task BackupAndRestore_AnySchedule_EndsAndIsClean()
    {
        var empty = new MemoryRepository();
        (await Opened.CreateAsync(empty)).Dispose();
        var failures = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Schedules), async (seed, _) => Interlocked.Add(ref failures, await DayAsync(empty, seed)));

        Assert.InRange(failures, Schedules, int.MaxValue); // Otherwise there were no bad days.
    }

    private static async Task<int> DayAsync(MemoryRepository empty, int seed)
    {
        var random = new Random(seed);
        var objects = await Opened.CloneAsync(empty);
        var flaky = new FlakyRepository(objects, seed, 0.02 + (random.NextDouble() * 0.1));
        var days = new List<(string Id, MemoryFiles Files)>();
        var files = new MemoryFiles();
        for (var day = 0; day < 3; day++)
        {
            var next = new MemoryFiles();
            foreach (var path in files.Paths.Where(_ => random.Next(4) > 0))
            {
                next.Write(path, files.Read(path) ?? []);
            }

            for (var number = random.Next(1, 6); number > 0; number--)
            {
                next.Write($"{random.Next(20)}", Bytes.Of(random.Next(12_000), random.Next(30)));
            }

            files = next;
            var (id, kind) = ($"day-{day}", (SnapshotKind)random.Next(3));
            await UntilItEndsAsync(() => Jobs.BackupAsync(flaky, files, id, kind));
            days.Add((id, files));
        }

        var (restored, expected) = days[random.Next(days.Count)];
        var target = new MemoryFiles();
        await UntilItEndsAsync(() => Jobs.RestoreAsync(flaky, target, restored));
        Transfers.Backups.AssertSame(expected, target);

        flaky.IsOn = false;
        var check = await Jobs.CheckAsync(flaky);
        Assert.True(check.IsClean, $"seed {seed}: {string.Join("; ", check.Problems)}");
        foreach (var (id, whole) in days)
        {
            await Jobs.AssertRestoresAsync(flaky, id, whole);
        }

        return flaky.Failures;
    }

    private static async Task UntilItEndsAsync(Func<Task> job)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await job();
                return;
            }
            catch (BackupException error) when (attempt < MostAttempts)
            {
                // What is listed late is missing until then.
                Assert.True(error.Message == "the storage is flaky" || error.Code == BackupErrors.DataMissing, error.ToString());
            }
        }
    }
}
