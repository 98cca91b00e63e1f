using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;

namespace DrFunctions.Backup.Tests.Backups;

/// <summary>What a backup has in memory does not grow with what is backed up.</summary>
[Collection(nameof(Alone))]
public sealed class JobMemoryTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(1, 600 * MiB)]
    [InlineData(300, 2 * MiB)]
    [InlineData(60_000, 1000)]
    public async Task RunAsync_LargeOrMany_StaysBelow208MiBOfHeap(int files, long length)
    {
        var objects = new MemoryRepository();
        (await Opened.CreateAsync(objects, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength)).Dispose();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sink = new PackSink(objects);

        var snapshot = await Jobs.BackupAsync(sink, new RandomFiles(files, length));

        Assert.Equal((files, files * length, files * length), (snapshot.Files, snapshot.Bytes, snapshot.BytesAdded));
        Assert.InRange(sink.PackBytes, files * length, files * length * 3 / 2);

        // Four packs, the files being read, compressors' targets, and garbage that was not collected yet.
        Assert.InRange(sink.PeakBytes - before, 16 * MiB, 208 * MiB);
    }

    /// <summary>Keeps the lengths of packs, and everything else whole; looks at the heap with every write.</summary>
    private sealed class PackSink(IRepository inner) : IRepository
    {
        private readonly ConcurrentDictionary<string, long> packs = [];
        private long peak;

        public long PeakBytes => Interlocked.Read(ref peak);

        public long PackBytes => packs.Values.Sum();

        public string Description => inner.Description;

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            var now = GC.GetTotalMemory(forceFullCollection: false);
            for (var seen = Interlocked.Read(ref peak); now > seen; seen = Interlocked.Read(ref peak))
            {
                Interlocked.CompareExchange(ref peak, now, seen);
            }

            return key.StartsWith("packs/", StringComparison.Ordinal)
                ? Task.FromResult(packs.TryAdd(key, content.Length))
                : inner.TryCreateAsync(key, content, cancellationToken);
        }

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.ReplaceAsync(key, content, cancellationToken);

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

        public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) =>
            inner.ReadAsync(key, offset, target, cancellationToken);

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => inner.DeleteAsync(key, version, cancellationToken);
    }

    /// <summary>Files of random bytes that exist only while they are read.</summary>
    private sealed class RandomFiles(int files, long length) : IBackupSource
    {
        public string Description => "random";

        public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (var file = 0; file < files; file++)
            {
                yield return new SourceEntry { Path = $"{file:D8}", Length = length, LastModified = DateTimeOffset.UnixEpoch, Version = $"{file}" };
            }
        }

        public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken) =>
            Task.FromResult<Stream>(new Content(new Random(int.Parse(entry.Version, System.Globalization.CultureInfo.InvariantCulture)), entry.Length));
    }

    private sealed class Content(Random random, long length) : Stream
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

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(buffer.Length, left);
            random.NextBytes(buffer.Span[..read]);
            left -= read;
            return new ValueTask<int>(read);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
