using System.Text;
using System.Text.Json;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using FsCheck.Fluent;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Manifests;

public sealed class ManifestTests
{
    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private readonly MemoryRepository objects = new();

    /// <summary>Lines as they lie in repositories: what is written here must be read for ever.</summary>
    [Fact]
    public void Write_KnownEntries_AreTheGoldenLines()
    {
        var source = new SourceEntry { Path = "a/ä\"b", Length = 5, LastModified = Then, Version = "v1" };
        var one = new ManifestEntry(source, [new ManifestChunk(new ChunkId(1, 2), 5)]);
        var two = new ManifestEntry(
            source with { Headers = new Dictionary<string, string> { ["content-type"] = "text/css", ["cache-control"] = "no-store" }, Metadata = new Dictionary<string, string> { ["k"] = "v" } },
            [new ManifestChunk(new ChunkId(1, 2), 2), new ManifestChunk(new ChunkId(3, 4), 3)]);
        var none = new ManifestEntry(source with { Length = 0 }, []);
        var skipped = new ManifestEntry(source, [], ManifestEntry.Vanished);

        Assert.Equal(
            """{"path":"a/ä\"b","length":5,"modified":"2026-01-02T03:04:05.678+00:00","version":"v1","chunks":["0000000000000000000000000000000100000000000000000000000000000002"]}""",
            LineOf(one));
        Assert.Equal(
            """{"path":"a/ä\"b","length":5,"modified":"2026-01-02T03:04:05.678+00:00","version":"v1","chunks":["0000000000000000000000000000000100000000000000000000000000000002","0000000000000000000000000000000300000000000000000000000000000004"],"lengths":[2,3],"headers":{"cache-control":"no-store","content-type":"text/css"},"metadata":{"k":"v"}}""",
            LineOf(two));
        Assert.Equal("""{"path":"a/ä\"b","length":0,"modified":"2026-01-02T03:04:05.678+00:00","version":"v1"}""", LineOf(none));
        Assert.Equal("""{"path":"a/ä\"b","length":5,"modified":"2026-01-02T03:04:05.678+00:00","version":"v1","skipped":"vanished"}""", LineOf(skipped));
        Assert.All(new[] { one, two, none, skipped }, entry => Assert.Equal(LineOf(entry), LineOf(ManifestLine.Read(Encoding.UTF8.GetBytes(LineOf(entry))))));
    }

    [Theory]
    [InlineData("hello", "it is not an entry: ")]
    [InlineData("{}", "it is not an entry: ")]
    [InlineData("""{"path":"a","length":5,"modified":"2026-01-02T03:04:05Z","version":"1"}""", "it is not an entry: its 0 chunks are not its 5 bytes")]
    [InlineData("""{"path":"a","length":-1,"modified":"2026-01-02T03:04:05Z","version":"1"}""", "it is not an entry: its 0 chunks are not its -1 bytes")]
    [InlineData("""{"path":"a","length":5,"modified":"2026-01-02T03:04:05Z","version":"1","chunks":["12"]}""", "it is not an entry: a chunk's name is not 64 hexadecimal digits")]
    [InlineData("""{"path":"a","length":5,"modified":"2026-01-02T03:04:05Z","version":"1","chunks":["1","2"],"lengths":[5]}""", "it is not an entry: it has 2 chunks and 1 lengths")]
    [InlineData("""{"path":null,"length":0,"modified":"2026-01-02T03:04:05Z","version":"1"}""", "it is not an entry: 'path' is null")]
    public void Read_NoEntry_SaysWhy(string line, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => ManifestLine.Read(Encoding.UTF8.GetBytes(line))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(5000)]
    public async Task EntriesAsync_WhatWasWritten_ComesBackInOrder(int count)
    {
        using var repository = await Opened.CreateAsync(objects);
        var entries = Entries(count).ToList();

        var part = await WriteAsync(repository, entries);

        Assert.Equal(count, part.Entries);
        Assert.Equal(entries.Select(LineOf), (await ReadAsync(repository, [part])).Select(LineOf));
    }

    /// <summary>A backup in shards names one part for each of them.</summary>
    [Fact]
    public async Task EntriesAsync_PartsOfShards_AreOneManifest()
    {
        using var repository = await Opened.CreateAsync(objects);
        var entries = Entries(900).ToList();

        var parts = await Task.WhenAll(entries.Chunk(300).Select(shard => WriteAsync(repository, shard)));

        Assert.Equal(entries.Select(LineOf), (await ReadAsync(repository, parts)).Select(LineOf));
    }

    [Fact]
    public async Task CompleteAsync_OneOfManyEntriesChanged_AddsALittle()
    {
        using var repository = await Opened.CreateAsync(objects);
        var entries = Entries(5000).ToList();
        await WriteAsync(repository, entries);
        var before = (await ObjectsAsync(objects, "packs/")).Sum(item => item.Length);
        entries[2500] = entries[2500] with { Source = entries[2500].Source with { Version = "changed" } };

        await WriteAsync(repository, entries);

        // Some pieces, which do not compress here, and the list of all pieces.
        var after = (await ObjectsAsync(objects, "packs/")).Sum(item => item.Length);
        Assert.InRange(after - before, 100, before / 6);
    }

    [Fact]
    public async Task EntriesAsync_LinesAreNotAsManyAsThePartSays_IsRefused()
    {
        using var repository = await Opened.CreateAsync(objects);
        var part = await WriteAsync(repository, Entries(10));

        var error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(repository, [part with { Entries = 11 }]));

        Assert.Equal(
            (BackupErrors.SnapshotDamaged, "The manifest of snapshot 's' cannot be read: it has 10 lines; expected 11."), (error.Code, error.Message));
    }

    [Fact]
    public async Task EntriesAsync_PieceIsLost_NamesTheSnapshot()
    {
        using var repository = await Opened.CreateAsync(objects);
        var part = await WriteAsync(repository, Entries(10));
        foreach (var pack in await ObjectsAsync(objects, "packs/"))
        {
            await objects.DeleteAsync(pack.Key, default);
        }

        var error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(repository, [part]));

        Assert.Equal(BackupErrors.DataMissing, error.Code);
        Assert.StartsWith("The manifest of snapshot 's' cannot be read: the object 'packs/", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "a/b")]
    [InlineData("a-b", "a/b")]
    [InlineData("a/z", "a0")]
    [InlineData("\uFFFD", "\U0001F600")]
    [InlineData("a\uE000", "a\U00010000")]
    [InlineData("", "a")]
    public void Compare_InOrder_IsTheOrderOfTheBytes(string first, string second)
    {
        Assert.True(PathOrder.Compare(first, second) < 0);
        Assert.True(PathOrder.Compare(second, first) > 0);
        Assert.Equal(0, PathOrder.Compare(first, new string(first)));
        Assert.True(Encoding.UTF8.GetBytes(first).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(second)) < 0);
    }

    [Fact]
    public void Compare_AnyPaths_IsTheOrderOfTheBytes()
    {
        var texts = Gen.Elements("a", "b", "/", "-", "0", "ä", "日", "\uFFFD", "\uE000", "😀", "\U00010000").ListOf(4).Select(parts => string.Concat(parts));
        foreach (var (one, other) in texts.Zip(texts).Sample(10, 2000))
        {
            Assert.Equal(
                Math.Sign(Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other))), Math.Sign(PathOrder.Compare(one, other)));
        }
    }

    [Fact]
    public async Task FindAsync_PathsInOrder_FindsThoseThatAreThere()
    {
        await using var cursor = new ParentCursor(Entries(100).ToAsyncEnumerable());

        Assert.Null(await cursor.FindAsync("aaa"));
        Assert.Equal("folder-00/file-00003", (await cursor.FindAsync("folder-00/file-00003"))?.Source.Path);
        Assert.Null(await cursor.FindAsync("folder-00/file-00003x"));
        Assert.Equal("folder-00/file-00004", (await cursor.FindAsync("folder-00/file-00004"))?.Source.Path);
        Assert.Null(await cursor.FindAsync("folder-00/file-00002"));
        Assert.Equal("folder-01/file-00099", (await cursor.FindAsync("folder-01/file-00099"))?.Source.Path);
        Assert.Null(await cursor.FindAsync("z"));
    }

    private static IEnumerable<ManifestEntry> Entries(int count) => Enumerable.Range(0, count).Select(number => new ManifestEntry(
        new SourceEntry { Path = $"folder-{number / 50:D2}/file-{number:D5}", Length = number % 7 == 0 ? 0 : number, LastModified = Then.AddSeconds(number), Version = $"{number}" },
        number % 7 == 0 ? [] : [new ManifestChunk(new ChunkId((UInt128)number * UInt128.MaxValue / 9973, (UInt128)number), number)]));

    private static string LineOf(ManifestEntry entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, ManifestLine.Canonical))
        {
            ManifestLine.Write(json, entry);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static async Task<ManifestPart> WriteAsync(OpenedRepository repository, IEnumerable<ManifestEntry> entries)
    {
        await using var chunks = new ChunkWriter(repository, await RepositoryIndex.OpenAsync(repository, default));
        using var manifest = new ManifestWriter(repository, chunks);
        foreach (var entry in entries)
        {
            await manifest.AppendAsync(entry, default);
        }

        var part = await manifest.CompleteAsync(default);
        await chunks.FlushAsync(default);
        return part;
    }

    private static async Task<List<ManifestEntry>> ReadAsync(OpenedRepository repository, IReadOnlyList<ManifestPart> parts)
    {
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, default));
        return await new ManifestReader(fetch).EntriesAsync(parts, "s", default).ToListAsync();
    }
}
