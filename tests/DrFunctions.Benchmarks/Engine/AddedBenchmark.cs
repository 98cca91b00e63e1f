using System.Diagnostics;
using System.Globalization;
using DrFunctions.Backup;
using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Benchmarks.Engine;

/// <summary>What a backup adds to a repository after a hundredth of a folder was changed, and of what the bytes are.</summary>
internal static class AddedBenchmark
{
    private const double MiB = 1024 * 1024;

    /// <summary>Backs a folder up into memory, changes it and backs it up again, and prints the bytes of each kind that were added.</summary>
    /// <param name="folder">The folder; it is changed.</param>
    /// <param name="rounds">How often it is changed.</param>
    /// <param name="change">A program and its arguments that changes it, given the folder and a number as its last two; empty for <see cref="FolderChanges"/>.</param>
    public static async Task RunAsync(string folder, int rounds, string[] change)
    {
        var objects = new MemoryRepository();
        var secrets = new Dictionary<string, IKeyWrapper> { ["one"] = new PassphraseWrapper("benchmark"), ["two"] = new PassphraseWrapper("other") };
        using var repository = await OpenedRepository.CreateAsync(
            objects, secrets, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength, TimeProvider.System.GetUtcNow(), default);
        var known = new HashSet<string>(StringComparer.Ordinal);
        Console.WriteLine("backup       data MiB  chunks   manifest MiB  pieces   indexes MiB   snapshot MiB   all MiB   CPU s");
        for (var round = 0; round <= rounds; round++)
        {
            if (round > 0)
            {
                await ChangeAsync(folder, round * 10, change);
            }

            var id = round.ToString(CultureInfo.InvariantCulture);
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            await new BackupJob(
                repository, new FolderSource(folder), new SnapshotRequest(id, "w", "p"), new BackupEngineOptions(), TimeProvider.System, new ProgressMeter(null, TimeProvider.System))
                .RunAsync(default);
            process.Refresh();
            await ReportAsync(repository, id, known, process.TotalProcessorTime - before);
        }
    }

    private static async Task ChangeAsync(string folder, int seed, string[] change)
    {
        if (change.Length == 0)
        {
            await FolderChanges.ChangeAsync(folder, seed);
            return;
        }

        using var process = Process.Start(change[0], [.. change[1..], folder, seed.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{string.Join(' ', change)}' ended with {process.ExitCode}.");
        }
    }

    private static async Task ReportAsync(OpenedRepository repository, string id, HashSet<string> known, TimeSpan cpu)
    {
        var index = await RepositoryIndex.OpenAsync(repository, default);
        using var fetch = new ChunkFetch(repository, index);
        var snapshot = await new SnapshotStore(repository).GetAsync(id, default);
        var content = new HashSet<ChunkId>();
        await foreach (var entry in new ManifestReader(fetch).EntriesAsync(snapshot.Manifest, id, default))
        {
            content.UnionWith(entry.Chunks.Select(chunk => chunk.Id));
        }

        var (data, manifest, indexes, snapshots) = (0L, 0L, 0L, 0L);
        var (chunks, pieces) = (0, 0);
        await foreach (var item in repository.Objects.ListAsync("", default))
        {
            if (!known.Add(item.Key))
            {
                continue;
            }

            if (item.Key.StartsWith(PackId.Prefix, StringComparison.Ordinal))
            {
                var opened = await SealedObject.OpenAsync(
                    repository.Keys, SealedKind.Pack, new RepositoryContent(repository.Objects, item.Key, item.Length), default);
                var entries = PackDirectory.Read(opened, item.Key).Entries;
                var isData = content.Contains(entries[0].Id);
                (data, chunks) = isData ? (data + item.Length, chunks + entries.Count) : (data, chunks);
                (manifest, pieces) = isData ? (manifest, pieces) : (manifest + item.Length, pieces + entries.Count);
            }
            else if (item.Key.StartsWith(RepositoryIndex.Prefix, StringComparison.Ordinal))
            {
                indexes += item.Length;
            }
            else
            {
                snapshots += item.Length;
            }
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{(id == "0" ? "first full" : $"change {id}"),-12} {data / MiB,8:0.00} {chunks,7}   {manifest / MiB,12:0.00} {pieces,7}   {indexes / MiB,11:0.000}   {snapshots / MiB,12:0.000}   {(data + manifest + indexes + snapshots) / MiB,7:0.00}   {cpu.TotalSeconds,5:0.0}"));
    }
}
