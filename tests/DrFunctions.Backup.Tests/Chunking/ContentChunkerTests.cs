using System.Security.Cryptography;
using DrFunctions.Backup.Chunking;

namespace DrFunctions.Backup.Tests.Chunking;

public sealed class ContentChunkerTests
{
    private static readonly ChunkingParameters Small = new(64, 256, 1024);
    private static readonly byte[] Key = [.. Enumerable.Range(0, ContentChunker.KeyLength).Select(value => (byte)value)];

    /// <summary>The cuts that lie in repositories: what is written here must be found again for ever.</summary>
    [Fact]
    public void Cut_KnownKeyAndContent_IsWhereItAlwaysWas() =>
        Assert.Equal(
            [325, 277, 305, 300, 288, 293, 355, 403, 435, 321, 678, 116],
            Lengths(new ContentChunker(Small, Key), Hashes(128)));

    [Fact]
    public void Cut_AnyContent_KeepsTheBoundsAndLosesNothing()
    {
        var content = Content(200_000);

        var lengths = Lengths(new ContentChunker(Small, Key), content);

        Assert.Equal(content.Length, lengths.Sum());
        Assert.All(lengths.SkipLast(1), length => Assert.InRange(length, Small.Minimum, Small.Maximum));
        Assert.InRange(lengths.Average(), Small.Average * 0.9, Small.Average * 1.6);
    }

    [Fact]
    public void Cut_ByteInsertedInFront_CutsTheRestWhereItWasCutBefore()
    {
        var chunker = new ContentChunker(Small, Key);
        var content = Content(100_000);

        var before = Ends(chunker, content);
        var after = Ends(chunker, [42, .. content]).Select(end => end - 1).ToHashSet();

        Assert.InRange(before.Count(end => !after.Contains(end)), 0, 8);
    }

    [Fact]
    public void Cut_OtherKey_CutsElsewhere()
    {
        var content = Content(100_000);

        var shared = Ends(new ContentChunker(Small, Key), content).Intersect(Ends(new ContentChunker(Small, new byte[32]), content)).Count();

        // Two independent sets of 300 ends in 100,000 places share about one, and the end of the content.
        Assert.InRange(shared, 1, 8);
    }

    [Fact]
    public void Cut_SameByteForEver_GoesToTheMaximum() =>
        Assert.Equal([1024, 1024, 952], Lengths(new ContentChunker(Small, Key), new byte[3000]));

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Cut_ShorterThanTheMinimum_IsOneChunk(int length) =>
        Assert.Equal([length], Lengths(new ContentChunker(Small, Key), Content(length)));

    [Fact]
    public void Cut_Nothing_IsRefused() =>
        Assert.StartsWith(
            "there is nothing to cut", Assert.Throws<ArgumentException>(() => new ContentChunker(Small, Key).Cut([])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(64, 128, 1024, "average is 128; expected 256 to 67108864")]
    [InlineData(32, 256, 1024, "minimum is 32; expected 64 to the average, 256")]
    [InlineData(512, 256, 1024, "minimum is 512; expected 64 to the average, 256")]
    [InlineData(64, 256, 255, "maximum is 255; expected the average, 256, to 67108864")]
    [InlineData(64, 256, int.MaxValue, "maximum is 2147483647; expected the average, 256, to 67108864")]
    public void Parameters_Contradictory_SayWhat(int minimum, int average, int maximum, string expected) =>
        Assert.Equal(expected, new ChunkingParameters(minimum, average, maximum).Mistake);

    [Fact]
    public void Parameters_Default_AreRight() => Assert.Null(ChunkingParameters.Default.Mistake);

    // SHA-256 of 0, 1, 2 … as four bytes, big-endian: content that any language can make again.
    private static byte[] Hashes(int count)
    {
        var content = new byte[count * SHA256.HashSizeInBytes];
        for (var number = 0; number < count; number++)
        {
            SHA256.HashData([0, 0, (byte)(number >> 8), (byte)number], content.AsSpan(number * SHA256.HashSizeInBytes));
        }

        return content;
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(20261122).NextBytes(content);
        return content;
    }

    private static List<int> Lengths(ContentChunker chunker, ReadOnlySpan<byte> content)
    {
        var lengths = new List<int>();
        for (var rest = content; !rest.IsEmpty; rest = rest[lengths[^1]..])
        {
            lengths.Add(chunker.Cut(rest));
        }

        return lengths;
    }

    private static List<int> Ends(ContentChunker chunker, ReadOnlySpan<byte> content)
    {
        var end = 0;
        return Lengths(chunker, content).ConvertAll(length => end += length);
    }
}
