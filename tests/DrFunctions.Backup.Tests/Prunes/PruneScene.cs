using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Backups;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Transfers;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Prunes;

/// <summary>A repository whose clock moves when told, and the snapshots that must restore from it.</summary>
internal sealed class PruneScene
{
    private readonly Clock clock = new();

    private PruneScene() => Objects = new MemoryRepository(clock);

    public MemoryRepository Objects { get; private init; }

    public TimeProvider Time => clock;

    public Dictionary<string, MemoryFiles> Expected { get; } = [];

    public static PruneOptions Options { get; } = new() { MaxUnused = 1 };

    /// <summary>A place that holds nothing yet.</summary>
    public static PruneScene Nothing() => new();

    public static async Task<PruneScene> CreateAsync()
    {
        var scene = new PruneScene();
        (await Opened.CreateAsync(scene.Objects)).Dispose();
        return scene;
    }

    /// <summary>The same, with the times at which its objects were written.</summary>
    public async Task<PruneScene> CloneAsync()
    {
        var clone = new PruneScene();
        foreach (var item in await ObjectsAsync(Objects))
        {
            clone.clock.Now = item.WrittenAt;
            await clone.Objects.ReplaceAsync(item.Key, await ReadAsync(Objects, item.Key), default);
        }

        clone.clock.Now = clock.Now;
        foreach (var (id, files) in Expected)
        {
            clone.Expected[id] = files;
        }

        return clone;
    }

    public void Advance(double days) => clock.Now += TimeSpan.FromDays(days);

    public async Task<Snapshot> BackupAsync(string id, MemoryFiles files, SnapshotKind kind = SnapshotKind.Full, IRepository? through = null)
    {
        var copy = Copy(files);
        var snapshot = await Jobs.BackupAsync(through ?? Objects, files, id, kind, time: clock);
        Expected[id] = copy;
        return snapshot;
    }

    public async Task<PruneResult> PruneAsync(PruneOptions? options = null, IRepository? through = null)
    {
        using var repository = await Opened.OpenAsync(through ?? Objects);
        return await new PruneJob(repository, options ?? Options, clock, new ProgressMeter(null, TimeProvider.System)).RunAsync(default);
    }

    /// <summary>Copies another scene's repository into this one.</summary>
    public async Task<RepositoryCopy> CopyFromAsync(PruneScene origin, IRepository? through = null, IRepository? originThrough = null)
    {
        using var repository = await Opened.OpenAsync(originThrough ?? origin.Objects);
        return await new CopyJob(repository, through ?? Objects, new ProgressMeter(null, TimeProvider.System)).RunAsync(default);
    }

    /// <summary>Removes snapshots by name, as a person does.</summary>
    public Task<PruneResult> ForgetAsync(params string[] ids)
    {
        foreach (var id in ids)
        {
            Expected.Remove(id);
        }

        return PruneAsync(Options with { Remove = ids.ToHashSet() });
    }

    /// <summary>What was visible restores bit for bit, and nothing that is there is wrong.</summary>
    public async Task AssertWholeAsync()
    {
        await Jobs.AssertCleanAsync(Objects);
        await AssertRestoresAsync();
    }

    /// <summary>What was visible restores bit for bit.</summary>
    public async Task AssertRestoresAsync()
    {
        foreach (var (id, files) in Expected)
        {
            await Jobs.AssertRestoresAsync(Objects, id, files);
        }
    }

    /// <summary>When all is quiet and the prune ran often enough, what is there is needed.</summary>
    public async Task AssertNoGarbageAsync(PruneOptions? options = null)
    {
        for (var run = 0; run < 8; run++)
        {
            Advance(8);
            var result = await PruneAsync(options);
            Assert.Empty(result.Blocked);
            await AssertWholeAsync();
        }

        var left = await PruneAsync((options ?? Options) with { DryRun = true });
        Assert.Equal((0, 0), (left.PacksWaiting, left.BytesWaiting));
        Assert.Empty(await ObjectsAsync(Objects, "tombstones/"));
        Assert.Empty(await ObjectsAsync(Objects, "prunes/"));
        Assert.Empty(await ObjectsAsync(Objects, "parts/"));
        Assert.All(await ObjectsAsync(Objects, Checkpoint.Prefix), item => Assert.Contains(Checkpoint.SnapshotOf(item.Key), Expected.Keys));
    }

    public static MemoryFiles Copy(MemoryFiles files)
    {
        var copy = new MemoryFiles();
        foreach (var path in files.Paths)
        {
            copy.Write(path, files.Read(path) ?? []);
        }

        return copy;
    }

    private sealed class Clock : TimeProvider
    {
        private long ticks = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

        // A millisecond with every look: no two objects are of one moment.
        public DateTimeOffset Now
        {
            get => new(Interlocked.Add(ref ticks, TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
            set => Interlocked.Exchange(ref ticks, value.UtcTicks);
        }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
