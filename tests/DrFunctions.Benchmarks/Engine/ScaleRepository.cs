using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using DrFunctions.Backup;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Benchmarks.Engine;

/// <summary>
/// A repository of many snapshots and chunks in a folder, made without the chunks' content: workloads of some snapshots each, whose first one has most files, one chunk each, and whose later
/// ones each have one part of their manifest anew. Indexes, manifests and snapshots are real; packs of files' content are holes of the right length.
/// </summary>
internal static class ScaleRepository
{
    /// <summary>Snapshots of one workload.</summary>
    public const int SnapshotsEach = 20;

    private const int FilesOfPart = 5000;
    private const int ChunksOfPack = 64;
    private const int StoredLength = 200_000;
    private const int ChunkLength = 448 * 1024;

    /// <summary>The workload with that number.</summary>
    public static string WorkloadOf(int number) => string.Create(CultureInfo.InvariantCulture, $"w{number:D4}");

    /// <summary>Makes it.</summary>
    /// <param name="folder">Where; empty.</param>
    /// <param name="snapshots">How many; a multiple of <see cref="SnapshotsEach"/>.</param>
    /// <param name="chunks">How many chunks of files, about.</param>
    public static async Task MakeAsync(string folder, int snapshots, int chunks)
    {
        var secrets = new Dictionary<string, IKeyWrapper> { ["one"] = new PassphraseWrapper("benchmark"), ["two"] = new PassphraseWrapper("other") };
        using var repository = await OpenedRepository.CreateAsync(
            new FolderRepository(folder), secrets, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength, TimeProvider.System.GetUtcNow(), default);
        for (var digit = 0; digit < 256; digit++)
        {
            Directory.CreateDirectory(Path.Combine(folder, "packs", digit.ToString("x2", CultureInfo.InvariantCulture)));
        }

        var (workloads, parts, changed) = Size.Of(snapshots, chunks);
        for (var workload = 0; workload < workloads; workload++)
        {
            await new Workload(repository, folder, WorkloadOf(workload), parts, changed).MakeAsync();
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{workloads * SnapshotsEach} snapshots of {workloads} workloads, {parts * FilesOfPart} files each, {changed} changed in each later snapshot: {(long)workloads * ((parts * FilesOfPart) + ((SnapshotsEach - 1) * changed))} chunks"));
    }

    /// <summary>The files of the first workload of such a repository as its last snapshot has them, so that nothing has changed.</summary>
    public static IBackupSource SourceOf(int snapshots, int chunks) => new Unchanged(Size.Of(snapshots, chunks));

    private static SourceEntry EntryOf(int part, int file, int version) => new()
    {
        Path = string.Create(CultureInfo.InvariantCulture, $"{part:D5}/{file / 100:D3}/some name of a file {file:D7}.txt"),
        Length = ChunkLength,
        LastModified = DateTimeOffset.UnixEpoch.AddTicks(((long)part << 40) + ((long)file << 20) + version),
        Version = string.Create(CultureInfo.InvariantCulture, $"0x8DC{part:X4}{file:X6}{version:X3}"),
    };

    private sealed class Workload(OpenedRepository repository, string folder, string name, int parts, int changed)
    {
        private readonly ManifestChunk[][] files = new ManifestChunk[parts][];
        private readonly ManifestPart[] manifest = new ManifestPart[parts];
        private readonly List<(ChunkId Id, IndexedPack Pack, int Record)> fresh = [];

        public async Task MakeAsync()
        {
            var scratch = repository.At(new MemoryRepository());
            var index = await RepositoryIndex.OpenAsync(scratch, default);
            var moved = new HashSet<string>(StringComparer.Ordinal);
            for (var snapshot = 0; snapshot < SnapshotsEach; snapshot++)
            {
                fresh.Clear();
                await using var chunks = new ChunkWriter(scratch, index);
                if (snapshot == 0)
                {
                    for (var part = 0; part < parts; part++)
                    {
                        files[part] = NewChunks(FilesOfPart);
                        await WritePartAsync(part, snapshot, chunks);
                    }
                }
                else
                {
                    var part = snapshot % parts;
                    NewChunks(changed).CopyTo(files[part], 0);
                    await WritePartAsync(part, snapshot, chunks);
                }

                await chunks.FlushAsync(default);
                await foreach (var item in scratch.Objects.ListAsync("", default))
                {
                    if (moved.Add(item.Key))
                    {
                        await repository.Objects.TryCreateAsync(item.Key, (await RepositoryContent.ReadWholeAsync(scratch.Objects, item.Key, RepositoryKey.MaximumObjectLength, default))!, default); // It was listed.
                    }
                }

                await WriteIndexAsync();
                await WriteSnapshotAsync(snapshot);
            }
        }

        private ManifestChunk[] NewChunks(int count)
        {
            var made = new ManifestChunk[count];
            IndexedPack? pack = null;
            for (var index = 0; index < count; index++)
            {
                pack = index % ChunksOfPack == 0 ? NewPack(Math.Min(ChunksOfPack, count - index)) : pack!; // The first one is a multiple.
                var id = ChunkId.From(RandomNumberGenerator.GetBytes(ChunkId.Length));
                fresh.Add((id, pack, index % ChunksOfPack));
                made[index] = new ManifestChunk(id, ChunkLength);
            }

            return made;
        }

        private IndexedPack NewPack(int chunks)
        {
            var id = new PackId(Sha256Digest.From(RandomNumberGenerator.GetBytes(32)));
            var length = (int)SealedFormat.LengthOf((long)chunks * StoredLength, chunks, PackDirectory.LengthOf(chunks));
            using var file = File.Create(Path.Combine(folder, id.Key));
            file.SetLength(length);
            return new IndexedPack(id, RandomNumberGenerator.GetBytes(SealedFormat.HeaderLength), length);
        }

        private async Task WritePartAsync(int part, int snapshot, ChunkWriter chunks)
        {
            using var writer = new ManifestWriter(repository, chunks);
            for (var file = 0; file < FilesOfPart; file++)
            {
                await writer.AppendAsync(new ManifestEntry(EntryOf(part, file, file < changed ? snapshot : 0), [files[part][file]]), default);
            }

            manifest[part] = (await writer.CompleteAsync(default)) with
            {
                From = part == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{part:D5}/"),
            };
        }

        private async Task WriteIndexAsync()
        {
            foreach (var group in fresh.Chunk(256 * 1024))
            {
                var packs = group.Select(one => one.Pack).Distinct().ToList();
                var numbers = packs.Index().ToDictionary(item => item.Item.Id, item => item.Index);
                var entries = group.Select(one => new IndexEntry(one.Id, new ChunkPlace(
                    numbers[one.Pack.Id],
                    one.Record,
                    SealedFormat.HeaderLength + (one.Record * (StoredLength + SealedFormat.TagLength)),
                    Codec.Zstd,
                    StoredLength,
                    ChunkLength))).ToArray();
                var content = IndexBuilder.Write(repository.Keys, packs, entries, []);
                await repository.Objects.TryCreateAsync(RepositoryIndex.KeyOf(Sha256Digest.Of(content.Span)), content, default);
            }
        }

        private async Task WriteSnapshotAsync(int number)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{number:D3}");
            var full = string.Create(CultureInfo.InvariantCulture, $"{name}-000");
            var at = TimeProvider.System.GetUtcNow();
            await new SnapshotStore(repository).TryCreateAsync(
                new SealedSnapshot(
                    new Snapshot
                    {
                        Id = id,
                        Workload = name,
                        Policy = "p",
                        Source = name,
                        Kind = number == 0 ? SnapshotKind.Full : SnapshotKind.Incremental,
                        Parent = number == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{name}-{number - 1:D3}"),
                        LastFull = number == 0 ? null : full,
                        RestorePoint = at,
                        CompletedAt = at,
                        Files = (long)parts * FilesOfPart,
                        Bytes = (long)parts * FilesOfPart * ChunkLength,
                        BytesAdded = (long)changed * ChunkLength,
                        Vanished = 0,
                        Unread = 0,
                    },
                    [.. manifest]),
                default);
        }
    }

    private sealed class Unchanged(Size size) : IBackupSource
    {
        public string Description => WorkloadOf(0);

        public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (var part = 0; part < size.Parts; part++)
            {
                for (var file = 0; file < FilesOfPart; file++)
                {
                    yield return EntryOf(part, file, size.VersionOf(part, file));
                }
            }
        }

        public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult<SourceEntry?>(null);

        public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(entry);
            throw new InvalidOperationException($"'{entry.Path}' is read, and nothing has changed");
        }
    }

    /// <summary>How much it is.</summary>
    /// <param name="Workloads">How many; each has <see cref="SnapshotsEach"/> snapshots.</param>
    /// <param name="Parts">Parts of a manifest.</param>
    /// <param name="Changed">Files that a later snapshot has anew, the first ones of a part.</param>
    private sealed record Size(int Workloads, int Parts, int Changed)
    {
        public static Size Of(int snapshots, int chunks)
        {
            var workloads = snapshots / SnapshotsEach;
            var parts = Math.Max(1, (int)(0.8 * chunks / workloads / FilesOfPart));
            return new Size(workloads, parts, Math.Clamp((chunks - (workloads * parts * FilesOfPart)) / (workloads * (SnapshotsEach - 1)), 1, FilesOfPart));
        }

        /// <summary>The snapshot that wrote a file last, as the last one shows it.</summary>
        public int VersionOf(int part, int file) =>
            file >= Changed ? 0 : Enumerable.Range(1, SnapshotsEach - 1).LastOrDefault(snapshot => snapshot % Parts == part);
    }
}
