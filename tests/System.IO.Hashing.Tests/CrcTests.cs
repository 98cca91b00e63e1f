using System.Text;

namespace System.IO.Hashing.Tests;

public sealed class CrcTests
{
    private static readonly byte[] Check = Encoding.ASCII.GetBytes("123456789");

    public static TheoryData<int> Lengths => [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000, 40_000];

    // The published check values: the CRC of "123456789".
    [Fact]
    public void Crc32_CheckText_IsThePublishedValue()
    {
        Assert.Equal(0xCBF43926u, Crc32.HashToUInt32(Check));
        Assert.Equal([0x26, 0x39, 0xF4, 0xCB], Crc32.Hash(Check));
    }

    [Fact]
    public void Crc64_CheckText_IsThePublishedValue()
    {
        Assert.Equal(0x6C40DF5F0B497347ul, Crc64.HashToUInt64(Check));
        Assert.Equal([0x6C, 0x40, 0xDF, 0x5F, 0x0B, 0x49, 0x73, 0x47], Crc64.Hash(Check));
    }

    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_KnownText_IsItsValue(string text, uint expected) => Assert.Equal(expected, Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Crc32_AnyLength_IsThePlainDefinition(int length)
    {
        var data = Data(length);
        var expected = uint.MaxValue;
        foreach (var value in data)
        {
            expected ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                expected = (expected & 1) != 0 ? (expected >> 1) ^ 0xEDB88320 : expected >> 1;
            }
        }

        Assert.Equal(~expected, Crc32.HashToUInt32(data));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Crc64_AnyLength_IsThePlainDefinition(int length)
    {
        var data = Data(length);
        var expected = 0ul;
        foreach (var value in data)
        {
            expected ^= (ulong)value << 56;
            for (var bit = 0; bit < 8; bit++)
            {
                expected = (expected >> 63) != 0 ? (expected << 1) ^ 0x42F0E1EBA9EA3693 : expected << 1;
            }
        }

        Assert.Equal(expected, Crc64.HashToUInt64(data));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Append_InParts_IsTheHashOfTheWhole(int length)
    {
        var data = Data(length);
        foreach (var (hash, expected) in new (NonCryptographicHashAlgorithm, byte[])[] { (new Crc32(), Crc32.Hash(data)), (new Crc64(), Crc64.Hash(data)) })
        {
            foreach (var part in data.Chunk(13))
            {
                hash.Append(part);
            }

            Assert.Equal(expected, hash.GetCurrentHash());
            Assert.Equal(expected, hash.GetHashAndReset());
            hash.Append(new MemoryStream(data));
            Assert.Equal(expected, hash.GetHashAndReset());
            await hash.AppendAsync(new MemoryStream(data));
            Assert.Equal(expected, hash.GetCurrentHash());
            hash.Reset();
            hash.Append(data.AsSpan());
            Assert.Equal(expected, hash.GetCurrentHash());
        }
    }

    [Fact]
    public void GetCurrentHash_Destination_IsFilledOrRefusedWhole()
    {
        foreach (var hash in new NonCryptographicHashAlgorithm[] { new Crc32(), new Crc64() })
        {
            hash.Append(Check);
            var right = new byte[hash.HashLengthInBytes + 3];
            var small = new byte[hash.HashLengthInBytes - 1];

            Assert.Equal(hash.HashLengthInBytes, hash.GetCurrentHash(right));
            Assert.Equal([.. hash.GetCurrentHash(), 0, 0, 0], right);
            Assert.False(hash.TryGetCurrentHash(small, out var written));
            Assert.Equal(0, written);
            Assert.False(hash.TryGetHashAndReset(small, out written));
            Assert.Equal("destination", Assert.Throws<ArgumentException>(() => hash.GetCurrentHash(small)).ParamName);
            Assert.Equal("destination", Assert.Throws<ArgumentException>(() => hash.GetHashAndReset(small)).ParamName);
            Assert.All(small, value => Assert.Equal(0, value));
            Assert.True(hash.TryGetHashAndReset(right, out written));
            Assert.Equal(hash.HashLengthInBytes, written);
        }
    }

    [Fact]
    public void Hash_Destination_IsFilledOrRefusedWhole()
    {
        var eight = new byte[8];

        Assert.Equal(4, Crc32.Hash(Check, eight));
        Assert.Equal([.. Crc32.Hash(Check), 0, 0, 0, 0], eight);
        Assert.False(Crc32.TryHash(Check, eight.AsSpan(0, 3), out var written));
        Assert.Equal(0, written);
        Assert.Equal(8, Crc64.Hash(Check, eight));
        Assert.Equal(Crc64.Hash(Check), eight);
        Assert.False(Crc64.TryHash(Check, eight.AsSpan(0, 7), out written));
        Assert.Equal(0, written);
        Assert.Throws<ArgumentException>(() => Crc32.Hash(Check, new byte[3]));
        Assert.Throws<ArgumentException>(() => Crc64.Hash(Check, new byte[7]));
    }

    [Fact]
    public void Clone_GoesItsOwnWay()
    {
        var (narrow, wide) = (new Crc32(), new Crc64());
        narrow.Append(Check);
        wide.Append(Check);
        var (narrowCopy, wideCopy) = (narrow.Clone(), wide.Clone());

        narrow.Append(Check);
        wide.Append(Check);

        Assert.Equal(0xCBF43926u, narrowCopy.GetCurrentHashAsUInt32());
        Assert.Equal(0x6C40DF5F0B497347ul, wideCopy.GetCurrentHashAsUInt64());
        Assert.NotEqual(narrowCopy.GetCurrentHashAsUInt32(), narrow.GetCurrentHashAsUInt32());
        Assert.NotEqual(wideCopy.GetCurrentHashAsUInt64(), wide.GetCurrentHashAsUInt64());
    }

    private static byte[] Data(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }
}
