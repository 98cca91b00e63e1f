using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using DrFunctions.Backup;
using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;
using DrFunctions.Testing.Files;

namespace DrFunctions.Benchmarks.Engine;

/// <summary>What a repository of many snapshots and chunks costs those who work with it; each step in a process of its own.</summary>
internal static class ScaleBenchmark
{
    private static readonly string[] Steps = ["open", "list", "chain", "view", "unchanged", "plan-restore", "plan-prune"];

    /// <summary>Makes such a repository in a temporary folder, and runs all steps.</summary>
    public static async Task RunAsync(int snapshots, int chunks)
    {
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        await ScaleRepository.MakeAsync(folder.Path, snapshots, chunks);
        Console.WriteLine(FormattableString.Invariant($"made in {watch.Elapsed.TotalSeconds:0} s"));
        foreach (var step in Steps)
        {
            using var process = Process.Start(Environment.ProcessPath ?? "dotnet", [.. Program(), "scale-step", folder.Path, step, .. new[] { snapshots, chunks }.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"'{step}' ended with {process.ExitCode}.");
            }
        }
    }

    /// <summary>One step: <c>open</c>, <c>list</c>, <c>chain</c>, <c>view</c> (what a writer looks at), <c>unchanged</c> (a backup of it), <c>plan-restore</c>, <c>plan-prune</c>.</summary>
    public static async Task StepAsync(string folder, string step, int snapshots, int chunks)
    {
        var objects = new Counted(new FolderRepository(folder));
        var watch = Stopwatch.StartNew();
        using var repository = await OpenedRepository.OpenAsync(objects, [new PassphraseWrapper("benchmark")], default);
        var engine = new BackupEngine();
        var last = string.Create(CultureInfo.InvariantCulture, $"{ScaleRepository.WorkloadOf(0)}-{ScaleRepository.SnapshotsEach - 1:D3}");
        var meter = new ProgressMeter(null, TimeProvider.System);
        var result = step switch
        {
            "open" => (await RepositoryIndex.OpenAsync(repository, default)).Segments.Sum(segment => (long)segment.Directory.Chunks),
            "list" => await engine.ListAsync(repository).LongCountAsync(),
            "chain" => (await engine.ChainAsync(repository, last)).Snapshots.Count,
            "view" => (await WriterView.OpenAsync(repository, default)).Index.Segments.Count,
            "unchanged" => await BackupAsync(repository, ScaleRepository.SourceOf(snapshots, chunks), meter),
            "plan-restore" => await LocateAsync(repository, last),
            "plan-prune" => (await new PruneJob(repository, new PruneOptions { DryRun = true }, TimeProvider.System, meter).RunAsync(default)).Decisions.Count,
            _ => throw new ArgumentException($"'{step}' is no step", nameof(step)),
        };
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant(
            $"{step,-13} {watch.Elapsed.TotalSeconds,7:0.00} s  {process.TotalProcessorTime.TotalSeconds,7:0.00} CPU s  peak {process.PeakWorkingSet64 / 1024 / 1024,4} MiB  {objects.Requests,7} requests ({objects.Pages} of them pages of a listing)  {objects.Bytes / 1024.0 / 1024,7:0.0} MiB read  result {result}"));
    }

    private static async Task<long> BackupAsync(OpenedRepository repository, IBackupSource source, ProgressMeter meter)
    {
        var request = new SnapshotRequest("new", source.Description, "p") { Kind = SnapshotKind.Incremental };
        var taken = await new BackupJob(repository.At(new Overlay(repository.Objects)), source, request, new BackupEngineOptions(), TimeProvider.System, meter).RunAsync(default);
        return taken.Files;
    }

    // Where every chunk of a snapshot is.
    private static async Task<long> LocateAsync(OpenedRepository repository, string last)
    {
        var snapshot = await new SnapshotStore(repository).GetAsync(last, default);
        var index = await RepositoryIndex.OpenAsync(repository, default);
        using var fetch = new ChunkFetch(repository, index);
        var packs = new HashSet<PackId>();
        await foreach (var entry in new ManifestReader(fetch).EntriesAsync(snapshot.Manifest, last, default))
        {
            foreach (var chunk in entry.Chunks)
            {
                var found = await index.FindAsync(chunk.Id, default) ?? throw new InvalidOperationException($"the chunk {chunk.Id} is nowhere");
                packs.Add(found.Pack.Id);
            }
        }

        return packs.Count;
    }

    private static string[] Program() => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? [typeof(ScaleBenchmark).Assembly.Location] : [];

    /// <summary>Counts requests as a container would see them: a listing is one for each 5,000 objects.</summary>
    private sealed class Counted(IRepository inner) : IRepository
    {
        private long requests;
        private long pages;
        private long bytes;

        public long Requests => requests + pages;

        public long Pages => pages;

        public long Bytes => bytes;

        public string Description => inner.Description;

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            return inner.TryCreateAsync(key, content, cancellationToken);
        }

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            return inner.ReplaceAsync(key, content, cancellationToken);
        }

        public async Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            var stream = await inner.OpenReadAsync(key, cancellationToken);
            Interlocked.Add(ref bytes, stream?.Length ?? 0);
            return stream;
        }

        public async Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            var read = await inner.ReadAsync(key, offset, target, cancellationToken);
            Interlocked.Add(ref bytes, read ?? 0);
            return read;
        }

        public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var listed = 0;
            Interlocked.Increment(ref pages);
            await foreach (var item in inner.ListAsync(prefix, cancellationToken))
            {
                if (++listed % 5000 == 0)
                {
                    Interlocked.Increment(ref pages);
                }

                yield return item;
            }
        }

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            return inner.DeleteAsync(key, cancellationToken);
        }

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            return inner.DeleteAsync(key, version, cancellationToken);
        }
    }

    /// <summary>Keeps what is written to itself.</summary>
    private sealed class Overlay(IRepository inner) : IRepository
    {
        private readonly MemoryRepository written = new();

        public string Description => inner.Description;

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => written.TryCreateAsync(key, content, cancellationToken);

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => written.ReplaceAsync(key, content, cancellationToken);

        public async Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) =>
            await written.OpenReadAsync(key, cancellationToken) ?? await inner.OpenReadAsync(key, cancellationToken);

        public async Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) =>
            await written.ReadAsync(key, offset, target, cancellationToken) ?? await inner.ReadAsync(key, offset, target, cancellationToken);

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
            inner.ListAsync(prefix, cancellationToken).Concat(written.ListAsync(prefix, cancellationToken));

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => written.DeleteAsync(key, cancellationToken);

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => written.DeleteAsync(key, version, cancellationToken);
    }
}
