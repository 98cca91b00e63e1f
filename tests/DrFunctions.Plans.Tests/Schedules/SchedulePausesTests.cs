using DrFunctions.Plans.Schedules;
using NCrontab;

namespace DrFunctions.Plans.Tests.Schedules;

public sealed class SchedulePausesTests
{
    [Theory]
    [InlineData("* * * * *", "00:01:00")]
    [InlineData("*/5 * * * *", "00:05:00")]
    [InlineData("0 3 * * *", "1.00:00:00")]
    [InlineData("*/15 9-17 * * MON-FRI", "2.15:15:00")] // Friday 17:45 to Monday 9:00
    [InlineData("0 0 1 * *", "31.00:00:00")]
    [InlineData("* * * 1-11 *", "31.00:01:00")] // all of December
    [InlineData("0 0 29 2 *", "1461.00:00:00")]
    [InlineData("7 4  1 1 *", "366.00:00:00")]
    public void Longest_IsTheLongest(string cron, string expected) => Assert.Equal(TimeSpan.Parse(expected, null), SchedulePauses.Longest(cron));

    [Theory]
    [InlineData("*/7 */5 * * *")]
    [InlineData("3,50 1-4 */10 * *")]
    [InlineData("0 12 * 2,8 SUN")]
    public void Longest_IsWhatCountingEveryOccurrenceFinds(string cron)
    {
        var all = CrontabSchedule.Parse(cron).GetNextOccurrences(new DateTime(2024, 1, 1), new DateTime(2032, 1, 2)).ToList();

        Assert.Equal(all.Zip(all.Skip(1), (one, next) => next - one).Max(), SchedulePauses.Longest(cron));
    }
}
