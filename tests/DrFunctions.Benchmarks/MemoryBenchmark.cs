using System.Diagnostics;
using DrFunctions.Backup;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Benchmarks;

/// <summary>What a backup needs at most, whatever its size.</summary>
internal static class MemoryBenchmark
{
    private const long MiB = 1024 * 1024;

    public static async Task RunAsync(int mebibytes, int files)
    {
        await MeasureAsync($"one file of {mebibytes} MiB", new SyntheticSource(1, mebibytes * MiB));
        await MeasureAsync($"{files} files of 1 KiB", new SyntheticSource(files, 1024));
    }

    private static async Task MeasureAsync(string name, SyntheticSource source)
    {
        var repository = new DiscardingRepository();
        var watch = Stopwatch.StartNew();
        var snapshot = await new BackupEngine().BackupAsync(source, repository, new SnapshotRequest("1", "w", "p"));
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-24} {watch.Elapsed.TotalSeconds,7:0.00} s  {snapshot.Bytes / MiB,6} MiB  managed peak {repository.PeakBytes / MiB,4} MiB  process peak {process.PeakWorkingSet64 / MiB,4} MiB"));
    }
}
