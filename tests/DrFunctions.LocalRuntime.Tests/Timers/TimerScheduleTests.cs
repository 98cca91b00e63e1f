namespace DrFunctions.LocalRuntime.Timers;

public sealed class TimerScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 2, 28, 23, 59, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("0 * * * * *", "2026-03-01T00:00:00Z")]
    [InlineData("* * * * *", "2026-03-01T00:00:00Z")]
    [InlineData("0 30 4 29 2 *", "2028-02-29T04:30:00Z")]
    [InlineData("00:00:45", "2026-03-01T00:00:15Z")]
    [InlineData("30.00:00:00", "2026-03-30T23:59:30Z")]
    public void Next_IsTheFirstOccurrenceAfterATime(string expression, string expected)
    {
        Assert.Equal(DateTimeOffset.Parse(expected, null), TimerSchedule.Parse(expression, out _)?.Next(Start));
    }

    [Theory]
    [InlineData("", "it has 0 fields, expected six (second minute hour day month day-of-week), or a time span such as 00:00:30")]
    [InlineData("* * * * * * *", "it has 7 fields, ")]
    [InlineData("60 * * * * *", "60 is higher than the maximum allowable value for the [Second] field. Value must be between 0 and 59")]
    [InlineData("* 60 * * * *", "60 is higher than the maximum allowable value for the [Minute] field. Value must be between 0 and 59")]
    [InlineData("* * 24 * * *", "24 is higher than the maximum allowable value for the [Hour] field. Value must be between 0 and 23")]
    [InlineData("* * * 0 * *", "0 is lower than the minimum allowable value for the [Day] field. Value must be between 1 and 31")]
    [InlineData("* * * * 13 *", "13 is higher than the maximum allowable value for the [Month] field. Value must be between 1 and 12")]
    [InlineData("* * * * * 8", "8 is higher than the maximum allowable value for the [DayOfWeek] field. Value must be between 0 and 6")]
    [InlineData("0 0 0 31 4 *", "no date is ever like that")]
    [InlineData("00:00:00", "expected a time span from one second to a year, such as 00:00:30, or an NCRONTAB expression")]
    [InlineData("-00:01:00", "expected a time span from one second to a year, ")]
    [InlineData("10000000.00:00:00", "expected a time span from one second to a year, ")]
    public void Parse_OfWhatIsNoSchedule_SaysWhichFieldAndRange(string expression, string expected)
    {
        Assert.Null(TimerSchedule.Parse(expression, out var reason));
        Assert.StartsWith(expected, reason, StringComparison.Ordinal);
    }
}
