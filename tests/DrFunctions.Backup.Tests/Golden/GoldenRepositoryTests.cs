using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Shards;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Transfers;
using DrFunctions.Testing.Files;

namespace DrFunctions.Backup.Tests.Golden;

/// <summary>
/// A repository as it was written once: whatever changes in the code, it opens, checks clean and restores bit for bit. Where the format is to change, a second one comes beside it, and this one
/// stays.
/// </summary>
public class GoldenRepositoryTests
{
    private const string Passphrase = "golden passphrase ä";
    private const string Uncommitted = "golden-3";
    private const string Abandoned = "golden-4";

    internal static readonly string Folder = RepositoryRoot.Combine("tests", "DrFunctions.Backup.Tests", "Golden", "repository");
    private static readonly byte[] Paper = [.. Enumerable.Range(1, RecoveryKey.Length).Select(number => (byte)number)];
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Makes the repository; run by whoever needs a further one, with <c>DR_WRITE_GOLDEN</c> set to an empty folder.</summary>
    [Fact]
    public async Task Repository_MadeAnew_HasTheSameKindsOfObjects()
    {
        using var scratch = new TemporaryFolder();
        var folder = Environment.GetEnvironmentVariable("DR_WRITE_GOLDEN") ?? scratch.Path;

        await MakeAsync(new FolderRepository(folder));

        Assert.Equal(KindsIn(Folder), KindsIn(folder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repository_OpenedByEitherSecret_ChecksCleanAndRestoresBitForBit(bool byPaper)
    {
        using var repository = await OpenAsync(byPaper ? new RecoveryKeyWrapper(Paper) : new PassphraseWrapper(Passphrase));

        var check = await new CheckJob(repository, new RepositoryCheckOptions(), new ProgressMeter(null, TimeProvider.System)).RunAsync(default);
        Assert.Empty(check.Problems);
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, default));
        foreach (var (id, source) in new[] { ("golden-1", new GoldenSource(isSecond: false)), ("golden-2", new GoldenSource(isSecond: true)) })
        {
            var snapshot = await new SnapshotStore(repository).GetAsync(id, default);
            var read = new List<ManifestEntry>();
            await foreach (var entry in new ManifestReader(fetch).EntriesAsync(snapshot.Manifest, id, default))
            {
                read.Add(entry);
            }

            Assert.Equal(source.Entries.Select(LineOf), read.Select(entry => LineOf(entry.Source)));
            foreach (var entry in read)
            {
                Assert.Equal(source.ContentOf(entry.Source.Path), await ContentOfAsync(fetch, entry));
            }
        }
    }

    [Fact]
    public async Task Repository_EveryCodec_IsInItsPacks()
    {
        using var repository = await OpenAsync(new PassphraseWrapper(Passphrase));

        var codecs = new SortedSet<Codec>();
        foreach (var item in await Transfers.Backups.ObjectsAsync(repository.Objects, PackId.Prefix))
        {
            var pack = await SealedObject.OpenAsync(repository.Keys, SealedKind.Pack, new RepositoryContent(repository.Objects, item.Key, item.Length), default);
            codecs.UnionWith(PackDirectory.Read(pack, item.Key).Entries.Select(entry => entry.Codec));
        }

        Assert.Equal([Codec.None, Codec.Zstd, Codec.Brotli], codecs);
    }

    [Fact]
    public async Task Repository_WhatIsBesideSnapshots_IsRead()
    {
        using var repository = await OpenAsync(new PassphraseWrapper(Passphrase));

        Assert.True((await new SnapshotStore(repository).LookAsync(Abandoned, default)).IsAbandoned);
        var hold = Assert.Single((await new HoldStore(repository).ListAsync(default)).Holds);
        Assert.Equal(new LegalHold("golden-1", null, "ann", "a case", At), hold);
        var round = Assert.Single(await StoredRound.ListAsync(repository, default));
        Assert.True(round.Round is { IsDoomed: false, Packs.Count: 1 });
        Assert.True(round.Round.Filter.MayHave(repository.Keys.NameOf(GoldenSource.BrotliContent)));
        var shards = new ShardStore(repository, Uncommitted);
        Assert.Equal(new ShardBeginning("golden", At, "golden-2", "golden-1"), await shards.FindBeginningAsync(default));
        var part = Assert.IsType<ShardPart>(await shards.FindAsync(null, default));
        Assert.Equal(("m", "page 2", 5, 6, 7, 8, 9), (part.To, part.Marker, part.Taken.Files, part.Taken.Bytes, part.Taken.BytesAdded, part.Taken.Vanished, part.Taken.Unread));
        Assert.Equal(3, Assert.Single(part.Taken.Manifest.Lists).Length);
        Assert.False(await shards.TryMarkAsync(null, default));
        Assert.Equal(Uncommitted, Checkpoint.SnapshotOf(Assert.Single(await Transfers.Backups.ObjectsAsync(repository.Objects, Checkpoint.Prefix)).Key));
    }

    [Fact]
    public async Task Repository_ReadFromTheDocumentAlone_IsTheSame()
    {
        var reader = IndependentReader.Open(Folder, Passphrase);
        foreach (var (id, source) in new[] { ("golden-1", new GoldenSource(isSecond: false)), ("golden-2", new GoldenSource(isSecond: true)) })
        {
            var restored = reader.Restore(id);

            var files = source.Entries.Where(entry => entry.Kind == EntryKind.File).ToList();
            Assert.Equal(files.Select(entry => Convert.ToHexString(PathText.BytesOf(entry.Path))), restored.Select(file => Convert.ToHexString(file.Path)));
            Assert.Equal(files.Select(entry => Convert.ToHexString(source.ContentOf(entry.Path))), restored.Select(file => Convert.ToHexString(file.Content)));
        }

        Assert.True(reader.FindsAllChunksByIndexes());
        foreach (var (prefix, format) in new[] { ("checkpoints", "checkpoint"), ("holds", "hold"), ("parts", "part") })
        {
            Assert.All(reader.ObjectsBelow(prefix), json => Assert.Equal($"drfunctions-{format}", json.RootElement.GetProperty("format").GetString()));
        }

        await Task.CompletedTask;
    }

    [Fact]
    public void Repository_ReadFromTheDocumentWithAnotherPassphrase_DoesNotOpen() =>
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => IndependentReader.Open(Folder, "another"));

    private static async Task MakeAsync(FolderRepository objects)
    {
        var secrets = new Dictionary<string, IKeyWrapper> { ["ann"] = new PassphraseWrapper(Passphrase, iterations: 1000), ["paper"] = new RecoveryKeyWrapper(Paper) };
        using var repository = await OpenedRepository.CreateAsync(objects, secrets, Opened.Chunking, Opened.PackLength, At, default);

        // What is there already is not written again: so one file is in a pack of Brotli, which no machine with zstd writes by itself.
        using var brotli = new ChunkCompressor(Codec.Brotli);
        using var builder = new PackBuilder(repository.Keys, Opened.PackLength);
        var stored = new byte[GoldenSource.BrotliContent.Length];
        var (codec, length) = brotli.Compress(GoldenSource.BrotliContent, stored);
        builder.Add(repository.Keys.NameOf(GoldenSource.BrotliContent), codec, stored.AsSpan(0, length), GoldenSource.BrotliContent.Length);
        var pack = builder.Close();
        await objects.TryCreateAsync(pack.Id.Key, pack.Content, default);
        var batch = new IndexBatch();
        batch.Add(new IndexedPack(pack.Id, pack.Content[..SealedFormat.HeaderLength].ToArray(), pack.Content.Length), pack.Entries);
        await (await RepositoryIndex.OpenAsync(repository, default)).WriteAsync(batch, default);

        foreach (var (id, kind, source) in new[] { ("golden-1", SnapshotKind.Full, new GoldenSource(false)), ("golden-2", SnapshotKind.Incremental, new GoldenSource(true)) })
        {
            await new BackupJob(
                repository, source, new SnapshotRequest(id, "shop", "files") { Kind = kind }, new BackupEngineOptions(), TimeProvider.System, new ProgressMeter(null, TimeProvider.System))
                .RunAsync(default);
        }

        await new SnapshotStore(repository).TryAbandonAsync(Abandoned, default);
        await new HoldStore(repository).CreateAsync(new LegalHold("golden-1", null, "ann", "a case", At), default);
        await Checkpoint.Shared(repository, Uncommitted, TimeProvider.System).BeginAsync(default);
        var shards = new ShardStore(repository, Uncommitted);
        await shards.BeginAsync(new ShardBeginning("golden", At, "golden-2", "golden-1"), default);
        await shards.TryMarkAsync(null, default);
        var manifest = new ManifestPart(1, [new ManifestChunk(repository.Keys.NameOf([1, 2, 3]), 3)]);
        await shards.KeepAsync(new ShardPart(null, "m", "page 2", new BackupPart(manifest, 5, 6, 7, 8, 9)), default);
        var filter = ChunkFilter.For(1);
        filter.Add(repository.Keys.NameOf(GoldenSource.BrotliContent));
        var (key, content) = new TombstoneRound(IsDoomed: false, [new PackId(Chunks.Sha256Digest.Of([4]))], filter).Write(repository.Keys);
        await objects.TryCreateAsync(key, content, default);
    }

    private static async Task<OpenedRepository> OpenAsync(IKeyWrapper secret) => await OpenedRepository.OpenAsync(await Opened.CloneAsync(new FolderRepository(Folder)), secret, default);

    private static async Task<byte[]> ContentOfAsync(ChunkFetch fetch, ManifestEntry entry)
    {
        var ids = entry.Chunks.Select(chunk => chunk.Id).Distinct().ToList();
        var contents = new byte[ids.Count][];
        await fetch.ReadAsync(ids, (index, content) => contents[index] = content.ToArray(), (_, error) => throw error, default);
        return [.. entry.Chunks.SelectMany(chunk => contents[ids.IndexOf(chunk.Id)])];
    }

    private static string LineOf(SourceEntry entry)
    {
        using var stream = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(stream, ManifestLine.Canonical))
        {
            ManifestLine.Write(json, new ManifestEntry(entry, []));
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    // Kinds of objects by their first folder, and how many: packs and indexes depend on the repository's key.
    private static IEnumerable<string> KindsIn(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0])
        .Where(name => name[0] != '.') // A folder's own lock is no object.
        .GroupBy(name => name, StringComparer.Ordinal)
        .Select(group => group.Key is "packs" or "indexes" ? group.Key : $"{group.Count()} {group.Key}")
        .Order(StringComparer.Ordinal);
}
