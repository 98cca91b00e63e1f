using System.Text;
using DrFunctions.Backup.Compression;

namespace DrFunctions.Backup.Tests.Compression;

public sealed class ChunkCompressorTests
{
    public static TheoryData<string> Codecs => ZstdLibrary.Instance is null ? ["Brotli"] : ["Brotli", "Zstd"];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Compress_Text_ComesBackWhole(string name)
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(line => $"line {line} of a log\n")));
        var stored = new byte[content.Length];
        using var compressor = new ChunkCompressor(Enum.Parse<Codec>(name));

        var (codec, length) = compressor.Compress(content, stored);

        Assert.Equal(name, codec.ToString());
        Assert.InRange(length, 1, content.Length / 4);
        var read = new byte[content.Length];
        Assert.True(compressor.TryDecompress(codec, stored.AsSpan(0, length), read));
        Assert.Equal(content, read);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Compress_RandomBytes_AreLeftAsTheyAre(string name)
    {
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        using var compressor = new ChunkCompressor(Enum.Parse<Codec>(name));

        Assert.Equal((Codec.None, 0), compressor.Compress(content, new byte[content.Length]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    public void Compress_NextToNothing_IsLeftAsItIs(int length)
    {
        using var compressor = new ChunkCompressor(ChunkCompressor.Preferred);

        Assert.Equal((Codec.None, 0), compressor.Compress(new byte[length], new byte[length]));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void TryDecompress_OtherBytesOrLength_SaysNo(string name)
    {
        var codec = Enum.Parse<Codec>(name);
        var content = new byte[100_000];
        var stored = new byte[content.Length];
        using var compressor = new ChunkCompressor(codec);
        var (_, length) = compressor.Compress(content, stored);

        Assert.False(compressor.TryDecompress(codec, stored.AsSpan(0, length), new byte[content.Length - 1]));
        Assert.False(compressor.TryDecompress(codec, stored.AsSpan(0, length), new byte[content.Length + 1]));
        Assert.False(compressor.TryDecompress(codec, stored.AsSpan(0, length - 1), new byte[content.Length]));
        Assert.False(compressor.TryDecompress(codec, new byte[100], new byte[content.Length]));
        Assert.False(compressor.TryDecompress((Codec)9, stored.AsSpan(0, length), new byte[content.Length]));
    }

    /// <summary>A frame that says it holds more than the directory says must not be unpacked beyond it.</summary>
    [Fact]
    public void TryDecompress_Bomb_StopsAtTheTarget()
    {
        using var compressor = new ChunkCompressor(ChunkCompressor.Preferred);
        var stored = new byte[50_000_000];
        var (codec, length) = compressor.Compress(new byte[50_000_000], stored);

        Assert.InRange(length, 1, 50_000);
        Assert.False(compressor.TryDecompress(codec, stored.AsSpan(0, length), new byte[10]));
    }
}
