using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.Tests.Keys;

public sealed class KeySlotTests
{
    private static readonly byte[] WrappingKey = new byte[32];
    private static readonly RepositoryId Repository = new(7);

    [Fact]
    public void TryUnwrap_RightKey_IsTheMasterKey()
    {
        using var master = MasterKey.Create();

        using var unwrapped = KeySlot.Wrap(master, Repository, "ann", WrappingKey).TryUnwrap(Repository, WrappingKey);

        Assert.NotNull(unwrapped);
        Assert.Equal(master.Value.ToArray(), unwrapped.Value.ToArray());
    }

    [Fact]
    public void TryUnwrap_AnythingElse_IsNothing()
    {
        using var master = MasterKey.Create();
        var slot = KeySlot.Wrap(master, Repository, "ann", WrappingKey);

        Assert.Null(slot.TryUnwrap(Repository, [.. WrappingKey.SkipLast(1), 1]));
        Assert.Null(slot.TryUnwrap(new RepositoryId(8), WrappingKey));
        Assert.Null((slot with { Id = "ben" }).TryUnwrap(Repository, WrappingKey));
        Assert.Null((slot with { Wrapped = slot.Wrapped[1..] }).TryUnwrap(Repository, WrappingKey));
        Assert.Null((slot with { Nonce = slot.Nonce[1..] }).TryUnwrap(Repository, WrappingKey));
    }

    [Fact]
    public void TryUnwrap_AnyBitFlipped_IsNothing()
    {
        using var master = MasterKey.Create();
        var slot = KeySlot.Wrap(master, Repository, "ann", WrappingKey);
        for (var bit = 0; bit < slot.Wrapped.Length * 8; bit++)
        {
            var flipped = slot.Wrapped.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null((slot with { Wrapped = flipped }).TryUnwrap(Repository, WrappingKey));
        }
    }

    /// <summary>RFC 7914, section 11: PBKDF2-HMAC-SHA-256 of "passwd" and "salt", the first half of its 64 bytes.</summary>
    [Fact]
    public void Passphrase_KnownInput_IsTheStandardsKey() =>
        Assert.Equal(
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
            Convert.ToHexStringLower(Passphrase.ToKey("passwd", "salt"u8, 1)));

    [Theory]
    [InlineData(0)]
    [InlineData(Passphrase.MostIterations + 1)]
    public void Passphrase_IterationsOutOfRange_AreRefused(int iterations) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Passphrase.ToKey("x", [], iterations));

    [Fact]
    public void Derive_OtherPurposeOrRepository_IsAnotherKey()
    {
        using var master = MasterKey.From(new byte[32]);

        var keys = new[]
        {
            master.Derive(Repository, "a"u8), master.Derive(Repository, "b"u8), master.Derive(new RepositoryId(8), "a"u8),
        };

        Assert.Equal(3, keys.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal("fecd3b8b77d372f0d33a24c00da9e54f57e93167f4714a22ef35969987f77178", Convert.ToHexStringLower(keys[0]));
    }

    [Theory]
    [InlineData("00000000000000000000000000000007", true)]
    [InlineData("0000000000000000000000000000000A", false)]
    [InlineData("7", false)]
    [InlineData("zz000000000000000000000000000007", false)]
    [InlineData(null, false)]
    public void RepositoryId_Text_IsReadAsItIsWritten(string? text, bool valid)
    {
        Assert.Equal(valid, RepositoryId.TryParse(text, out var id));
        if (valid)
        {
            Assert.Equal(Repository, id);
            Assert.Equal(text, id.ToString());
        }
    }
}
