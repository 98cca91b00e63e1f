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
            """{"path":"a/ä\"b","length":5,"modified":1767323045.678,"version":"v1","chunks":["0000000000000000000000000000000100000000000000000000000000000002"]}""",
            LineOf(one));
        Assert.Equal(
            """{"path":"a/ä\"b","length":5,"modified":1767323045.678,"version":"v1","chunks":["0000000000000000000000000000000100000000000000000000000000000002","0000000000000000000000000000000300000000000000000000000000000004"],"lengths":[2,3],"headers":{"cache-control":"no-store","content-type":"text/css"},"metadata":{"k":"v"}}""",
            LineOf(two));
        Assert.Equal("""{"path":"a/ä\"b","length":0,"modified":1767323045.678,"version":"v1"}""", LineOf(none));
        Assert.Equal("""{"path":"a/ä\"b","length":5,"modified":1767323045.678,"version":"v1","skipped":"vanished"}""", LineOf(skipped));
        Assert.All(new[] { one, two, none, skipped }, entry => Assert.Equal(LineOf(entry), LineOf(ManifestLine.Read(Encoding.UTF8.GetBytes(LineOf(entry))))));
    }

    /// <summary>What file systems have beside content; what most have alike is left out.</summary>
    [Fact]
    public void Write_EntriesOfAFileSystem_AreTheGoldenLines()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567);
        var mine = new UnixAttributes { Mode = 0x1A4, Nanoseconds = 89 };
        var theirs = new UnixAttributes
        {
            Mode = 0x9ED,
            UserId = 1000,
            GroupId = 100,
            UserName = "ann",
            HardLink = "8-1-2f",
            ExtendedAttributes = [new AttributeValue("user.a", new byte[] { 1, 2 }), new AttributeValue("user.\uDCFF", ReadOnlyMemory<byte>.Empty)],
        };
        var source = new SourceEntry { Path = "a", Length = 0, LastModified = time, Version = "2f-1", Unix = mine };
        var lines = new Dictionary<ManifestEntry, string>
        {
            [new ManifestEntry(source, [])] = """{"path":"a","length":0,"modified":1767323045.123456789,"version":"2f-1","mode":"644"}""",
            [new ManifestEntry(source with { Path = "a/", Kind = EntryKind.Folder, Unix = theirs }, [])] =
                """{"path":"a/","kind":"folder","modified":1767323045.1234567,"version":"2f-1","mode":"4755","uid":1000,"gid":100,"user":"ann","hardlink":"8-1-2f","xattrs":[["user.a","AQI="],[{"base64":"dXNlci7/"},""]]}""",
            [new ManifestEntry(source with { Path = "b\uDCFF\uDCE4", Kind = EntryKind.SymbolicLink, LinkTarget = "../\uDC80" }, [])] =
                """{"path":{"base64":"Yv/k"},"kind":"symlink","modified":1767323045.123456789,"version":"2f-1","link":{"base64":"Li4vgA=="},"mode":"644"}""",
            [new ManifestEntry(source with { Kind = EntryKind.CharacterDevice, Version = "", Unix = mine with { Mode = 0, Device = new DeviceNumber(5, 1) } }, [])] =
                """{"path":"a","kind":"chardev","modified":1767323045.123456789,"mode":"0","device":[5,1]}""",
            [new ManifestEntry(source with { Length = 10, Holes = [new Hole(1, 2), new Hole(5, 5)] }, [new ManifestChunk(new ChunkId(1, 2), 3)])] =
                """{"path":"a","length":10,"modified":1767323045.123456789,"version":"2f-1","mode":"644","holes":[1,2,5,5],"chunks":["0000000000000000000000000000000100000000000000000000000000000002"]}""",
            [new ManifestEntry(source with { Kind = EntryKind.Pipe, LastModified = DateTimeOffset.MinValue, Unix = null }, [])] =
                """{"path":"a","kind":"pipe","modified":-62135596800,"version":"2f-1"}""",
            [new ManifestEntry(source with { Kind = EntryKind.Socket, LastModified = DateTimeOffset.MaxValue, Unix = mine with { Nanoseconds = 99 } }, [], "socket")] =
                """{"path":"a","kind":"socket","modified":253402300799.999999999,"version":"2f-1","mode":"644","skipped":"socket"}""",
        };

        Assert.All(lines, line => Assert.Equal(line.Value, LineOf(line.Key)));
        Assert.All(lines, line => Assert.Equal(line.Value, LineOf(ManifestLine.Read(Encoding.UTF8.GetBytes(line.Value)))));
    }

    [Fact]
    public void Read_WhatALaterVersionSays_IsPassedOver()
    {
        var entry = ManifestLine.Read("""{"color":{"of":["it"]},"path":"a","length":0,"modified":1,"a name that is rather long":1}"""u8.ToArray());

        Assert.Equal(("a", 0L, DateTimeOffset.UnixEpoch.AddSeconds(1), ""), (entry.Source.Path, entry.Source.Length, entry.Source.LastModified, entry.Source.Version));
    }

    [Theory]
    [InlineData("\"kind\":\"folder\"", "it is a folder whose path does not end with '/'")]
    [InlineData("\"kind\":\"symlink\"", "'link' is what a symbolic link has")]
    [InlineData("\"link\":\"x\"", "'link' is what a symbolic link has")]
    [InlineData("\"kind\":\"symlink\",\"link\":\"a\\u0000b\"", "'link' has a NUL")]
    [InlineData("\"kind\":\"file\"", "'kind' is 'file'")]
    [InlineData("\"kind\":\"blockdev\"", "'device' is missing")]
    [InlineData("\"device\":[1]", "'device' is no pair of numbers")]
    [InlineData("\"device\":[1,-1]", "'device' is no pair of numbers")]
    [InlineData("\"kind\":\"pipe\",\"length\":1", "it is no file and has a length")]
    [InlineData("\"mode\":\"10000\"", "'mode' is '10000'")]
    [InlineData("\"mode\":\"\"", "'mode' is ''")]
    [InlineData("\"mode\":\"9\"", "'mode' is '9'")]
    [InlineData("\"holes\":[0]", "'holes' has a hole without a length")]
    [InlineData("\"holes\":[0,1]", "its holes are not sorted, or not within its 0 bytes")]
    [InlineData("\"length\":9,\"holes\":[4,2,5,1]", "its holes are not sorted, or not within its 9 bytes")]
    [InlineData("\"length\":9,\"holes\":[1,9223372036854775807]", "its holes are not sorted, or not within its 9 bytes")]
    [InlineData("\"length\":9,\"holes\":[-1,1]", "its holes are not sorted, or not within its 9 bytes")]
    [InlineData("\"xattrs\":[[\"\",\"\"]]", "'xattrs' has a name that is none")]
    [InlineData("\"xattrs\":[1]", "'xattrs' has no pair of a name and a value")]
    [InlineData("\"path\":{\"hex\":\"00\"}", "'path' is no text")]
    [InlineData("\"modified\":0.0000000001", "'modified' is no time of the years 1 to 9999")]
    [InlineData("\"modified\":99999999999999", "'modified' is no time of the years 1 to 9999")]
    public void Read_NoEntryOfAFileSystem_SaysWhy(string said, string expected)
    {
        var line = Encoding.UTF8.GetBytes($$"""{"path":"a","length":0,"modified":1,{{said}}}""");

        Assert.Equal($"it is not an entry: {expected}", Assert.Throws<FormatException>(() => ManifestLine.Read(line)).Message);
    }

    /// <summary>Whatever lines are made of is refused or read, and nothing else happens.</summary>
    [Fact]
    public void Read_LinesWithAnythingInThem_AreEntriesOrNone()
    {
        var random = new Random(5);
        byte[] line = [.. """{"path":"a","kind":"symlink","modified":17.5,"link":{"base64":"Yv/k"},"mode":"644","device":[1,2],"xattrs":[["user.a","AQI="]],"holes":[1,2]}"""u8];
        for (var round = 0; round < 20_000; round++)
        {
            var broken = (byte[])line.Clone();
            for (var change = 0; change <= round % 3; change++)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = LineOf(ManifestLine.Read(broken.AsMemory(0, random.Next(2) == 0 ? broken.Length : random.Next(broken.Length))));
            }
            catch (FormatException)
            {
                continue;
            }
        }
    }

    [Theory]
    [InlineData("hello", "it is not an entry: ")]
    [InlineData("{}", "it is not an entry: ")]
    [InlineData("""{"path":"a","length":5,"modified":1767323045,"version":"1"}""", "it is not an entry: its 0 chunks are not its 5 bytes")]
    [InlineData("""{"path":"a","length":-1,"modified":1767323045,"version":"1"}""", "it is not an entry: its length is -1")]
    [InlineData("""{"path":"a","length":5,"modified":1767323045,"version":"1","chunks":["12"]}""", "it is not an entry: a chunk's name is not 64 hexadecimal digits")]
    [InlineData("""{"path":"a","length":5,"modified":1767323045,"version":"1","chunks":["0000000000000000000000000000000100000000000000000000000000000002","0000000000000000000000000000000100000000000000000000000000000002"],"lengths":[5]}""", "it is not an entry: it has 2 chunks and 1 lengths")]
    [InlineData("""{"path":null,"length":0,"modified":1767323045,"version":"1"}""", "it is not an entry: 'path' is null")]
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

    /// <summary>Names that are no UTF-8, and such that are.</summary>
    [Fact]
    public void Compare_AnyBytes_IsTheirOrderAndTheyComeBack()
    {
        byte[][] parts = [[0x61], [0x2F], [0xE4], [0xA4], [0x96], [0xFF], [0x80], [0xF0, 0x9F, 0x98, 0x80], [0xED, 0xA0, 0x80], [0xC3, 0xA4], [0xEE, 0x80, 0x80]];
        var names = Gen.Elements(parts).ListOf(4).Select(all => all.SelectMany(part => part).ToArray());
        foreach (var (one, other) in names.Zip(names).Sample(10, 5000))
        {
            Assert.Equal(one, PathText.BytesOf(PathText.Of(one)));
            Assert.Equal(Math.Sign(one.AsSpan().SequenceCompareTo(other)), Math.Sign(PathOrder.Compare(PathText.Of(one), PathText.Of(other))));
            var line = LineOf(new ManifestEntry(new SourceEntry { Path = PathText.Of(one), Length = 0, LastModified = Then, Version = "" }, []));
            Assert.Equal(one, PathText.BytesOf(ManifestLine.Read(Encoding.UTF8.GetBytes(line)).Source.Path));
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
