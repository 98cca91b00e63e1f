using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using DrFunctions.Backup;
using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;
using DrFunctions.Testing.Files;

namespace DrFunctions.Benchmarks.Engine;

/// <summary>What a backup has in memory, whatever its size: files that exist only while they are read go to a repository that keeps no pack.</summary>
internal static class MemoryBenchmark
{
    private const long GiB = 1024 * 1024 * 1024;
    private const long SmallLength = 64 * 1024;

    /// <summary>Backs up so much: one file of half of it, and small ones.</summary>
    /// <param name="gibibytes">How much.</param>
    public static async Task RunAsync(int gibibytes)
    {
        using var folder = new TemporaryFolder();
        var objects = new Sink(new FolderRepository(folder.Path));
        var secrets = new Dictionary<string, IKeyWrapper> { ["one"] = new PassphraseWrapper("benchmark"), ["two"] = new PassphraseWrapper("other") };
        using var repository = await OpenedRepository.CreateAsync(
            objects, secrets, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength, TimeProvider.System.GetUtcNow(), default);
        var watch = Stopwatch.StartNew();
        var half = gibibytes * GiB / 2;
        var snapshot = await new BackupJob(
            repository,
            new RandomFiles(half, (int)(half / SmallLength)),
            new SnapshotRequest("1", "w", "p"),
            new BackupEngineOptions(),
            TimeProvider.System,
            new ProgressMeter(null, TimeProvider.System)).RunAsync(default);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant(
            $"{snapshot.Bytes / GiB,4} GiB in {snapshot.Files} files  {watch.Elapsed.TotalSeconds,7:0.0} s  {process.TotalProcessorTime.TotalSeconds,7:0.0} CPU s  {objects.Packs} packs  process peak {process.PeakWorkingSet64 / 1024 / 1024,4} MiB"));
    }

    /// <summary>Forgets packs, and keeps everything else on disk: what it kept in memory would count as the backup's.</summary>
    private sealed class Sink(FolderRepository inner) : IRepository
    {
        private int packs;

        public int Packs => packs;

        public string Description => "nowhere";

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            if (!key.StartsWith("packs/", StringComparison.Ordinal))
            {
                return inner.TryCreateAsync(key, content, cancellationToken);
            }

            Interlocked.Increment(ref packs);
            return Task.FromResult(true);
        }

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.ReplaceAsync(key, content, cancellationToken);

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

        public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) =>
            inner.ReadAsync(key, offset, target, cancellationToken);

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => inner.DeleteAsync(key, version, cancellationToken);
    }

    private sealed class RandomFiles(long longest, int small) : IBackupSource
    {
        public string Description => "random";

        public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (var file = 0; file <= small; file++)
            {
                yield return new SourceEntry
                {
                    Path = string.Create(CultureInfo.InvariantCulture, $"{file / 1000:D6}/{file:D9}"),
                    Length = file == 0 ? longest : SmallLength,
                    LastModified = DateTimeOffset.UnixEpoch,
                    Version = file.ToString(CultureInfo.InvariantCulture),
                };
            }
        }

        public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult<SourceEntry?>(null);

        public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(entry);
            return Task.FromResult<Stream>(new RandomContent(new Random(int.Parse(entry.Version, CultureInfo.InvariantCulture)), entry.Length));
        }
    }

    private sealed class RandomContent(Random random, long length) : Stream
    {
        private long left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var read = (int)Math.Min(buffer.Length, left);
            random.NextBytes(buffer[..read]);
            left -= read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
