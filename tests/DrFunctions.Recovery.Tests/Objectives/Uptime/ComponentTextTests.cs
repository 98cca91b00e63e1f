using DrFunctions.Recovery.Objectives.Uptime;

namespace DrFunctions.Recovery.Tests.Objectives.Uptime;

public sealed class ComponentTextTests
{
    [Theory]
    [InlineData("site 99.95", "99.95 %")]
    [InlineData("site 99.95%, database 99.99 %", "99.940005 %")]
    [InlineData("west 99 | east 99", "99.99 %")]
    [InlineData("dns 100, (west 99.9, db-1 99.9) | (east 99.9 , db-2 99.9)", "99.9996004 %")]
    [InlineData("2 of (a 90 | b 90 | c 90)", "97.2 %")]
    [InlineData(" ( ( a 50 ) ) ", "50 %")]
    public void TryParse_WhatPeopleWrite_IsItsAvailability(string text, string expected)
    {
        Assert.True(ComponentText.TryParse(text, out var component, out var mistake), mistake);

        Assert.Equal(expected, ComponentAvailability.Of(component).ToString());
    }

    [Theory]
    [InlineData("", "at 1: the end, expected a name and its percent, or '('.")]
    [InlineData("site", "at 5: the end, expected the percent of 'site'.")]
    [InlineData("site ninety", "at 6: 'n', expected the percent of 'site'.")]
    [InlineData("site 101", "at 6: '101', expected the percent of 'site', 0 to 100.")]
    [InlineData("site 9.9.9", "at 6: '9.9.9', expected the percent of 'site', 0 to 100.")]
    [InlineData("a 99 b 99", "at 6: 'b', expected ',', '|' or the end.")]
    [InlineData("(a 99, b 99", "at 12: the end, expected ',', '|' or ')'.")]
    [InlineData("a 99,", "at 6: the end, expected a name and its percent, or '('.")]
    [InlineData("2 a 99", "at 5: '9', expected '2 of (', with parts that '|' separates.")]
    [InlineData("4 of (a 99 | b 99)", "quorum: 4 of 2 parts needed, expected 1 to 2.")]
    public void TryParse_AMistake_SaysWhereAndWhatWasExpected(string text, string expected)
    {
        Assert.False(ComponentText.TryParse(text, out _, out var mistake));

        Assert.StartsWith(expected, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(2000)]
    public void TryParse_TooDeep_IsRefused(int brackets)
    {
        Assert.False(ComponentText.TryParse(new string('(', brackets) + "a 1" + new string(')', brackets), out _, out var mistake));

        Assert.Contains("brackets deep, expected at most 16.", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_TooLong_IsRefused() =>
        Assert.False(ComponentText.TryParse(new string('a', ComponentText.MaximumLength + 1), out _, out _));
}
