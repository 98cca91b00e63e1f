using System.Diagnostics;
using Azure.Storage.Blobs;
using DrFunctions.Backup;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Benchmarks;

/// <summary>The engine beside the plain SDK, on the same emulator with the same bytes.</summary>
internal static class BlobBenchmark
{
    private const int MiB = 1024 * 1024;
    private const int AtOnce = 8;
    private static readonly BackupEngine Engine = new(new BackupEngineOptions { Parallelism = AtOnce });

    public static async Task RunAsync(int mebibytes, int rounds)
    {
        var steps = new Dictionary<string, List<(double Seconds, double Cpu)>>();
        for (var round = 1; round <= rounds; round++)
        {
            await RoundAsync(mebibytes, async (name, work) =>
            {
                using var process = Process.GetCurrentProcess();
                var cpu = process.TotalProcessorTime;
                var watch = Stopwatch.StartNew();
                await work();
                var seconds = watch.Elapsed.TotalSeconds;
                process.Refresh();
                var used = (process.TotalProcessorTime - cpu).TotalSeconds;
                steps.TryAdd(name, []);
                steps[name].Add((seconds, used));
                Console.WriteLine(FormattableString.Invariant($"round {round}  {name,-34} {seconds,7:0.00} s  {used,6:0.00} CPU s  {mebibytes / seconds,6:0} MiB/s"));
            });
        }

        Report(steps, mebibytes);
    }

    private static async Task RoundAsync(int mebibytes, Func<string, Func<Task>, Task> step)
    {
        await using var azurite = await Azurite.StartAsync("west", "north");
        var connections = new BlobConnections(name => azurite.ConnectionStringOf(name), new BlobClientSettings { NetworkTimeout = TimeSpan.FromSeconds(60) });
        var files = connections.Container("west", "files");
        await files.CreateAsync();
        await Parallel.ForEachAsync(Sizes(mebibytes).Index(), Options, async (file, token) =>
            await files.UploadBlobAsync($"file-{file.Index}", BinaryData.FromBytes(Bytes.Of(file.Item, file.Index)), token));

        var west = new BlobRepository(connections.Container("west", "backups"));
        var north = new BlobRepository(connections.Container("north", "backups"));
        await ARepository.MakeAsync(west);
        using var origin = await ARepository.OpenAsync(west);
        var target = new BlobContainerTarget(connections.Container("north", "files"));
        await step("SDK: download", () => TransferAsync(files, null));
        await step("SDK: download and upload", () => TransferAsync(files, connections.Container("west", "plain")));
        await step("engine: backup, nothing there", () => Engine.BackupAsync(new BlobContainerSource(files), origin, new SnapshotRequest("1", "w", "p")));
        await step("engine: backup, nothing changed", () => Engine.BackupAsync(new BlobContainerSource(files), origin, new SnapshotRequest("2", "w", "p") { Kind = SnapshotKind.Incremental }));
        await step("engine: copy to the other account", () => Engine.CopyAsync(origin, north));
        using var copy = await ARepository.OpenAsync(north);
        await step("engine: check", () => Engine.CheckAsync(copy));
        await step("engine: restore", () => Engine.RestoreAsync(copy, "1", target));
        await step("engine: restore, all there", () => Engine.RestoreAsync(copy, "1", target));
        await step("SDK: download and upload", () => TransferAsync(files, connections.Container("north", "plain")));
    }

    private static ParallelOptions Options { get; } = new() { MaxDegreeOfParallelism = AtOnce };

    // Four fifths of the bytes in files of 16 MiB, the rest in files of 1 MiB.
    private static IEnumerable<int> Sizes(int mebibytes)
    {
        var large = mebibytes * 4 / 5 / 16;
        return Enumerable.Repeat(16 * MiB, large).Concat(Enumerable.Repeat(MiB, mebibytes - (large * 16)));
    }

    private static async Task TransferAsync(BlobContainerClient from, BlobContainerClient? to)
    {
        if (to is not null)
        {
            await to.CreateIfNotExistsAsync();
        }

        await Parallel.ForEachAsync(from.GetBlobsAsync(), Options, async (blob, token) =>
        {
            using var content = new MemoryStream((int)(blob.Properties.ContentLength ?? 0));
            await from.GetBlobClient(blob.Name).DownloadToAsync(content, token);
            content.Position = 0;
            if (to is not null)
            {
                await to.GetBlobClient(blob.Name).UploadAsync(content, overwrite: true, token);
            }
        });
    }

    private static void Report(Dictionary<string, List<(double Seconds, double Cpu)>> steps, int mebibytes)
    {
        var (download, both) = (Median("SDK: download"), Median("SDK: download and upload"));
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"{mebibytes} MiB            min / median / max s   CPU s   ratio to the plain SDK"));
        foreach (var (name, measured) in steps)
        {
            var seconds = measured.Select(one => one.Seconds).Order().ToList();
            var plain = name is "SDK: download" or "engine: check" ? download : both;
            Console.WriteLine(FormattableString.Invariant(
                $"{name,-34} {seconds[0],6:0.00} / {Median(name),6:0.00} / {seconds[^1],6:0.00}  {measured.Average(one => one.Cpu),6:0.00}  {Median(name) / plain,5:0.00}"));
        }

        double Median(string name) => steps[name].Select(one => one.Seconds).Order().ElementAt(steps[name].Count / 2);
    }
}
