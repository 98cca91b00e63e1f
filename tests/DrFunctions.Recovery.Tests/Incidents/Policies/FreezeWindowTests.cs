using System.Globalization;
using DrFunctions.Recovery.Incidents.Policies;

namespace DrFunctions.Recovery.Tests.Incidents.Policies;

public sealed class FreezeWindowTests
{
    [Theory]
    [InlineData("2026-03-06T20:59:59Z", null)] // Friday, 21:59:59 in Amsterdam
    [InlineData("2026-03-06T21:00:00Z", "2026-03-07T05:00:00Z")]
    [InlineData("2026-03-07T04:59:59Z", "2026-03-07T05:00:00Z")] // Saturday morning belongs to Friday's window
    [InlineData("2026-03-07T05:00:00Z", null)]
    [InlineData("2026-03-08T22:00:00Z", null)] // no window begins on a Sunday
    [InlineData("2026-07-10T20:00:00Z", "2026-07-11T04:00:00Z")] // summer time
    [InlineData("2026-03-27T22:00:00Z", "2026-03-28T05:00:00Z")]
    public void EndAt_AWeeklyWindowOverMidnight_IsReadInItsZone(string moment, string? end) => Assert.Equal(
        Parse(end),
        new WeeklyFreeze("night", TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"), [DayOfWeek.Friday], new TimeOnly(22, 0), new TimeOnly(6, 0))
            .EndAt(Parse(moment)!.Value));

    [Theory]
    [InlineData("2026-03-28T21:00:00Z", "2026-03-29T01:30:00Z")] // 02:30 does not exist on the night of the change: it ends at 03:30
    [InlineData("2026-10-24T20:00:00Z", "2026-10-25T01:30:00Z")] // 02:30 comes twice: it ends at the later one
    public void EndAt_AcrossAChangeOfTheClock_EndsAtAnInstant(string moment, string end) => Assert.Equal(
        Parse(end),
        new WeeklyFreeze("night", TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"), [DayOfWeek.Saturday], new TimeOnly(22, 0), new TimeOnly(2, 30))
            .EndAt(Parse(moment)!.Value));

    [Theory]
    [InlineData("2026-12-24T16:59:59Z", null)]
    [InlineData("2026-12-24T17:00:00Z", "2026-12-27T05:00:00Z")]
    [InlineData("2026-12-27T05:00:00Z", null)]
    public void EndAt_ADatedWindow_IsReadInItsZone(string moment, string? end) => Assert.Equal(
        Parse(end),
        new DatedFreeze("holidays", TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"), new DateTime(2026, 12, 24, 18, 0, 0), new DateTime(2026, 12, 27, 6, 0, 0))
            .EndAt(Parse(moment)!.Value));

    [Fact]
    public void EndAt_AWholeDay_LastsToTheSameTimeOfTheNext() => Assert.Equal(
        Parse("2026-03-08T00:00:00Z"),
        new WeeklyFreeze("sat", TimeZoneInfo.Utc, [DayOfWeek.Saturday], default, default).EndAt(Parse("2026-03-07T23:59:59Z")!.Value));

    private static DateTimeOffset? Parse(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
