using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.Tests.Keys;

public sealed class RecoveryKeyTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, RecoveryKey.Length).Select(value => (byte)value)];

    [Fact]
    public void Print_KnownKey_IsEightGroupsOfSeven() =>
        Assert.Equal("000G40R-40M30E2-09185GR-38E1W81-24GK2GA-HC5RR34-D1P70X3-RFP63ED", RecoveryKey.Print(Key));

    [Fact]
    public void TryParse_WhatWasPrinted_IsTheKey()
    {
        for (var number = 0; number < 100; number++)
        {
            var key = RecoveryKey.Create();
            var typed = RecoveryKey.Print(key).ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal).Replace('0', 'o').Replace('1', 'l');

            Assert.True(RecoveryKey.TryParse(typed, out var read, out _));
            Assert.Equal(key, read);
        }
    }

    [Fact]
    public void TryParse_OneLetterWrong_IsSaidWithoutTheKey()
    {
        var text = RecoveryKey.Print(Key);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '-')
            {
                continue;
            }

            var wrong = text[..at] + (text[at] == 'Z' ? 'Y' : 'Z') + text[(at + 1)..];
            Assert.False(RecoveryKey.TryParse(wrong, out _, out var mistake));
            Assert.Equal("the recovery key has a letter that was mistyped: its last letters do not fit the rest", mistake);
        }
    }

    [Theory]
    [InlineData("", "the recovery key has 0 letters; expected 56")]
    [InlineData("abc", "the recovery key has 3 letters; expected 56")]
    [InlineData("ab!", "character 3 of the recovery key is none of 0123456789ABCDEFGHJKMNPQRSTVWXYZ")]
    public void TryParse_NoKey_SaysWhat(string text, string expected)
    {
        Assert.False(RecoveryKey.TryParse(text, out _, out var mistake));
        Assert.Equal(expected, mistake);
    }
}
