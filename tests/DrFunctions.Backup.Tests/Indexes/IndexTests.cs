using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Tests.Indexes;

public sealed class IndexTests : IDisposable
{
    private const string Name = "the index 'i'";

    private readonly RepositoryKeys keys = KeysOf(1);

    public void Dispose() => keys.Dispose();

    /// <summary>An index as it lies in repositories: what is written here must be read for ever.</summary>
    [Fact]
    public void Write_KnownSaltAndChunks_IsTheGoldenIndex() =>
        Assert.Equal("df9b3f02e83fafd3bfa63e130d7c266ca775f0eaed8055095ace0265073f05e8", Sha256Digest.Of(IndexOf(600, salt => salt.Fill(7)).Span).ToString());

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(5000)]
    public async Task FindAsync_WhatWasIndexed_IsFoundAndNothingElseIs(int count)
    {
        var segment = await OpenAsync(IndexOf(count));

        for (var number = 0; number < count; number++)
        {
            Assert.Equal(PlaceOf(number), await segment.FindAsync(IdOf(number), CancellationToken.None));
        }

        for (var number = count; number < count + 1000; number++)
        {
            Assert.Null(await segment.FindAsync(IdOf(number), CancellationToken.None));
        }

        Assert.Equal([.. Packs.Select(pack => pack.Id)], segment.Directory.Packs.Select(pack => pack.Id));
        Assert.Equal(Packs[1].Header.ToArray(), segment.Directory.Packs[1].Header.ToArray());
    }

    [Fact]
    public async Task FindAsync_NotThere_AlmostNeverReads()
    {
        var content = new CountedContent(new MemoryContent(Name, IndexOf(5000)));
        var segment = await IndexSegment.OpenAsync(keys, content, CancellationToken.None);
        var opening = content.Reads;

        for (var number = 5000; number < 15_000; number++)
        {
            Assert.Null(await segment.FindAsync(IdOf(number), CancellationToken.None));
        }

        Assert.InRange(opening, 2, 4);
        Assert.InRange(content.Reads - opening, 0, 10_000 / 60);
    }

    [Fact]
    public async Task ReadPageAsync_AllPages_AreAllChunksInOrder()
    {
        var segment = await OpenAsync(IndexOf(1000));
        var all = new List<IndexEntry>();
        for (var page = 0; page < segment.Directory.FirstOfPages.Count; page++)
        {
            all.AddRange(await segment.ReadPageAsync(page, CancellationToken.None));
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(IdOf).Order(), all.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Open_AnyBitFlipped_IsDetectedAndNamed()
    {
        var index = IndexOf(300).ToArray();
        for (var bit = 0; bit < index.Length * 8; bit += index.Length * 8 > 100_000 ? 7 : 1)
        {
            index[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = await Assert.ThrowsAsync<BackupException>(() => ReadAllAsync(index));
            Assert.StartsWith(Name, error.Message, StringComparison.Ordinal);
            index[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        await ReadAllAsync(index);
    }

    [Fact]
    public async Task Open_AnyTruncation_IsDetected()
    {
        var index = IndexOf(20).ToArray();
        for (var length = 0; length < index.Length; length++)
        {
            Assert.Equal(BackupErrors.DataDamaged, (await Assert.ThrowsAsync<BackupException>(() => ReadAllAsync(index[..length]))).Code);
        }
    }

    [Fact]
    public async Task Open_OtherRepositorysIndex_SaysSo()
    {
        using var others = KeysOf(2);

        var error = await Assert.ThrowsAsync<BackupException>(
            () => IndexSegment.OpenAsync(others, new MemoryContent(Name, IndexOf(3)), CancellationToken.None));

        Assert.Equal($"{Name} is damaged: its directory does not match its tag; it may also be of another repository", error.Message);
    }

    [Fact]
    public void Write_ChunkTwice_IsRefused()
    {
        var entries = new[] { EntryOf(1), EntryOf(1) };

        Assert.StartsWith(
            $"the chunk {IdOf(1)} is there twice",
            Assert.Throws<ArgumentException>(() => IndexBuilder.Write(keys, Packs, entries, [])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Nothing_IsRefused() => Assert.Throws<ArgumentException>(() => IndexBuilder.Write(keys, Packs, [], []));

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("0000000100000000")]
    [InlineData("000000017fffffff")]
    [InlineData("7fffffff00000001")]
    [InlineData("ffffffffffffffff")]
    public void Directory_NumbersThatContradictEachOther_AreNoDirectory(string hex) => Assert.Null(IndexDirectory.Read(Convert.FromHexString(hex)));

    private static IReadOnlyList<IndexedPack> Packs { get; } =
        [.. Enumerable.Range(0, 3).Select(number => new IndexedPack(
            PackId.Of([(byte)number]), Enumerable.Repeat((byte)number, SealedFormat.HeaderLength).ToArray(), 1000 + number))];

    private static RepositoryKeys KeysOf(byte seed)
    {
        using var master = MasterKey.From(Enumerable.Repeat(seed, MasterKey.Length).ToArray());
        return new RepositoryKeys(master, new RepositoryId(9));
    }

    private static ChunkId IdOf(int number)
    {
        Span<byte> source = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(source, number);
        return ChunkId.From(SHA256.HashData(source));
    }

    private static ChunkPlace PlaceOf(int number) => new(number % Packs.Count, number, number * 10, Codec.Zstd, number + 1, number + 2);

    private static IndexEntry EntryOf(int number) => new(IdOf(number), PlaceOf(number));

    private ReadOnlyMemory<byte> IndexOf(int count, Action<Span<byte>>? random = null) =>
        IndexBuilder.Write(keys, Packs, Enumerable.Range(0, count).Select(EntryOf).ToArray(), [Sha256Digest.Of("old"u8)], random);

    private Task<IndexSegment> OpenAsync(ReadOnlyMemory<byte> index) =>
        IndexSegment.OpenAsync(keys, new MemoryContent(Name, index), CancellationToken.None);

    private async Task ReadAllAsync(byte[] index)
    {
        var segment = await OpenAsync(index);
        for (var page = 0; page < segment.Directory.FirstOfPages.Count; page++)
        {
            await segment.ReadPageAsync(page, CancellationToken.None);
        }
    }

    private sealed class CountedContent(IObjectContent content) : IObjectContent
    {
        public int Reads { get; private set; }

        public string Name => content.Name;

        public long Length => content.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> target, CancellationToken cancellationToken)
        {
            Reads++;
            return content.ReadAsync(offset, target, cancellationToken);
        }
    }
}
