using DrFunctions.Backup.Compression;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Tests.Packs;

public sealed class PackTests : IDisposable
{
    private const string Name = "the pack 'p'";

    private readonly RepositoryKeys keys = KeysOf(1);

    public void Dispose() => keys.Dispose();

    /// <summary>A pack as it lies in repositories: what is written here must be read for ever.</summary>
    [Fact]
    public void Close_KnownSaltAndContent_IsTheGoldenPack()
    {
        using var builder = new PackBuilder(keys, 4096, salt => salt.Fill(7));
        Add(builder, "abc"u8);
        Add(builder, "defg"u8);

        var pack = builder.Close();

        Assert.Equal(
            "44524642500200000707070707070707070707070707070707070707070707070707070707070707",
            Convert.ToHexStringLower(pack.Content.Span[..SealedFormat.HeaderLength]));
        Assert.Equal(40 + (3 + 16) + (4 + 16) + 4 + (2 * 41) + 16 + 8, pack.Content.Length);
        Assert.Equal("48ccc54bd5fd7161cbfc0175e4272aa2ad13650a64f4ac4b3cdf95131d1c2d6d", pack.Id.ToString());
        Assert.Equal($"packs/{pack.Id.ToString()[..2]}/{pack.Id}", pack.Id.Key);
    }

    [Fact]
    public void Read_WhatWasPacked_ComesBack()
    {
        byte[][] contents = [[1, 2, 3], new byte[5000], [.. Enumerable.Range(0, 3000).Select(value => (byte)(value * 31))]];
        var pack = PackOf(contents);

        var directory = DirectoryOf(pack);

        Assert.Equal(contents.Select(content => content.Length), directory.Entries.Select(entry => entry.Length));
        Assert.Equal(Codec.None, directory.Entries[0].Codec);
        Assert.Equal(ChunkCompressor.Preferred, directory.Entries[1].Codec);
        Assert.Equal(contents, contents.Select((_, index) => Chunk(pack, directory, index)));
    }

    [Fact]
    public void Close_Twice_GivesTwoPacksOfDifferentKeys()
    {
        using var builder = new PackBuilder(keys, 4096);
        Add(builder, "abc"u8);
        var first = builder.Close().Content.ToArray();
        Add(builder, "abc"u8);
        var second = builder.Close().Content.ToArray();

        Assert.Equal(first.Length, second.Length);
        Assert.NotEqual(first[SealedFormat.HeaderLength..][..19], second[SealedFormat.HeaderLength..][..19]);
    }

    [Fact]
    public void Fits_ExactlyFull_ClosesAtTheCapacity()
    {
        using var builder = new PackBuilder(keys, 1000);
        var most = 1000 - SealedFormat.HeaderLength - SealedFormat.TagLength - PackDirectory.LengthOf(1) - SealedFormat.TagLength - SealedFormat.FooterLength;

        Assert.False(builder.Fits(most + 1));
        Assert.True(builder.Fits(most));
        builder.Add(default, Codec.None, new byte[most], most);
        Assert.False(builder.Fits(1));
        Assert.Equal(1000, builder.Close().Content.Length);
    }

    [Fact]
    public void Add_DoesNotFit_IsRefusedAndNothingIsLost()
    {
        using var builder = new PackBuilder(keys, 300);
        Add(builder, "abc"u8);

        Assert.Throws<InvalidOperationException>(() => builder.Add(default, Codec.None, new byte[300], 300));

        Assert.Single(DirectoryOf(builder.Close().Content.ToArray()).Entries);
    }

    [Fact]
    public void Close_Empty_IsRefused() => Assert.Throws<InvalidOperationException>(() => new PackBuilder(keys, 300).Close());

    /// <summary>Every bit of a pack is covered by a tag, a magic number or a length that must fit.</summary>
    [Fact]
    public void Read_AnyBitFlipped_IsDetectedAndNamed()
    {
        byte[][] contents = [[1, 2, 3], new byte[500], [4]];
        var pack = PackOf(contents);
        for (var bit = 0; bit < pack.Length * 8; bit++)
        {
            pack[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = Assert.Throws<BackupException>(() => ReadAll(pack));
            Assert.StartsWith(Name + (error.Code == BackupErrors.FormatTooNew ? " has" : " is damaged: "), error.Message, StringComparison.Ordinal);
            pack[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(contents, ReadAll(pack));
    }

    [Fact]
    public void Read_AnyTruncation_IsDetected()
    {
        var pack = PackOf([[1, 2, 3], new byte[500]]);
        for (var length = 0; length < pack.Length; length++)
        {
            Assert.Equal(BackupErrors.DataDamaged, Assert.Throws<BackupException>(() => ReadAll(pack[..length])).Code);
        }
    }

    [Fact]
    public void Read_OtherRepositorysPack_SaysSo()
    {
        using var others = KeysOf(2);
        var pack = PackOf([[1, 2, 3]]);

        var error = Assert.Throws<BackupException>(() => SealedObject.Open(
            others, SealedKind.Pack, pack.AsSpan(0, SealedFormat.HeaderLength), TailOf(pack), pack.Length, Name));

        Assert.Equal("the pack 'p' is damaged: its directory does not match its tag; it may also be of another repository", error.Message);
    }

    [Fact]
    public void Read_NewerVersion_SaysTooNew()
    {
        var pack = PackOf([[1, 2, 3]]);
        pack[5] = 3;

        var error = Assert.Throws<BackupException>(() => DirectoryOf(pack));

        Assert.Equal(BackupErrors.FormatTooNew, error.Code);
        Assert.Equal("the pack 'p' has format version 3; this program reads up to 2", error.Message);
    }

    /// <summary>Whoever has the key may be wrong all the same: a chunk under another's name is found by its content.</summary>
    [Fact]
    public void Read_ChunkUnderAnothersName_IsRefused()
    {
        using var builder = new PackBuilder(keys, 4096);
        builder.Add(NameOf("abc"u8), Codec.None, "abd"u8, 3);

        var error = Assert.Throws<BackupException>(() => ReadAll(builder.Close().Content.ToArray()));

        Assert.Equal("the pack 'p' is damaged: its chunk 0 is not the content that its name says", error.Message);
    }

    [Theory]
    [InlineData(0, 3, "its chunk 0 at byte 40 has 0 bytes of 3")]
    [InlineData(3, 2, "its chunk 0 at byte 40 has 3 bytes of 2")]
    [InlineData(3, -1, "its chunk 0 at byte 40 has 3 bytes of -1")]
    public void Read_DirectoryWithImpossibleLengths_IsRefused(int stored, int length, string expected)
    {
        using var builder = new PackBuilder(keys, 4096);
        builder.Add(default, Codec.None, new byte[stored], length);

        var error = Assert.Throws<BackupException>(() => DirectoryOf(builder.Close().Content.ToArray()));

        Assert.Equal("the pack 'p' is damaged: " + expected, error.Message);
    }

    private static RepositoryKeys KeysOf(byte seed)
    {
        using var master = MasterKey.From(Enumerable.Repeat(seed, MasterKey.Length).ToArray());
        return new RepositoryKeys(master, new RepositoryId(9));
    }

    private static ReadOnlySpan<byte> TailOf(ReadOnlySpan<byte> pack) =>
        pack.Length >= SealedFormat.FooterLength && SealedObject.TailOf(pack[^SealedFormat.FooterLength..], pack.Length) is { } tail ? pack[^tail..] : default;

    private ChunkId NameOf(ReadOnlySpan<byte> content)
    {
        Span<byte> id = stackalloc byte[ChunkId.Length];
        keys.NameChunk(content, id);
        return ChunkId.From(id);
    }

    private void Add(PackBuilder builder, ReadOnlySpan<byte> content)
    {
        using var compressor = new ChunkCompressor(ChunkCompressor.Preferred);
        var stored = new byte[content.Length];
        var (codec, length) = compressor.Compress(content, stored);
        builder.Add(NameOf(content), codec, codec == Codec.None ? content : stored.AsSpan(0, length), content.Length);
    }

    private byte[] PackOf(byte[][] contents)
    {
        using var builder = new PackBuilder(keys, 64 * 1024);
        foreach (var content in contents)
        {
            Add(builder, content);
        }

        return builder.Close().Content.ToArray();
    }

    private PackDirectory DirectoryOf(byte[] pack) => PackDirectory.Read(
        SealedObject.Open(keys, SealedKind.Pack, pack.AsSpan(0, Math.Min(pack.Length, SealedFormat.HeaderLength)), TailOf(pack), pack.Length, Name), Name);

    private byte[] Chunk(byte[] pack, PackDirectory directory, int index)
    {
        var entry = directory.Entries[index];
        var content = new byte[entry.Length];
        using var cipher = directory.CreateCipher(keys);
        using var reader = new ChunkReader(keys);
        reader.Read(cipher, index, entry, pack.AsSpan(directory.OffsetOf(index), entry.StoredLength + SealedFormat.TagLength), content, Name);
        return content;
    }

    private byte[][] ReadAll(byte[] pack)
    {
        var directory = DirectoryOf(pack);
        return [.. directory.Entries.Select((_, index) => Chunk(pack, directory, index))];
    }
}
