using DrFunctions.Cloud.Clocks;

namespace DrFunctions.Cloud.Tests.Clocks;

public sealed class StorageClockTests
{
    private static readonly DateTimeOffset s_true = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void GetUtcNow_BeforeTheFirstAnswer_IsTheHosts()
    {
        var host = new MachineClock(s_true.AddMinutes(10));
        var clock = new StorageClock(host);

        Assert.Equal(s_true.AddMinutes(10), clock.GetUtcNow());
        Assert.Null(clock.HostIsAhead);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void GetUtcNow_HostMinutesApart_IsTheAccountsWithinASecond(int minutes)
    {
        var (host, account) = (new MachineClock(s_true.AddMinutes(minutes)), s_true.AddSeconds(0.75));
        var clock = new StorageClock(host);

        Answer(clock, host, ref account, TimeSpan.FromMilliseconds(40));

        Assert.InRange((clock.GetUtcNow() - account).TotalSeconds, -1, 1);
        Assert.InRange(clock.HostIsAhead!.Value.TotalMinutes, minutes - 0.02, minutes + 0.02); // there was an answer
    }

    [Fact]
    public void GetUtcNow_ManyAnswers_ComesCloserThanADatesSecond()
    {
        var (host, account) = (new MachineClock(s_true), s_true.AddSeconds(0.75));
        var clock = new StorageClock(host);
        for (var answer = 0; answer < 50; answer++)
        {
            Answer(clock, host, ref account, TimeSpan.FromMilliseconds(10));
            Pass(host, ref account, TimeSpan.FromMilliseconds(137));
        }

        Assert.InRange((clock.GetUtcNow() - account).TotalMilliseconds, -150, 150);
    }

    [Fact]
    public void GetUtcNow_SlowAnswers_NeverLeaveWhatIsKnown()
    {
        var (host, account) = (new MachineClock(s_true), s_true.AddSeconds(0.5));
        var clock = new StorageClock(host);
        Answer(clock, host, ref account, TimeSpan.FromMilliseconds(10));

        for (var answer = 0; answer < 20; answer++)
        {
            Answer(clock, host, ref account, TimeSpan.FromSeconds(10));
            Assert.InRange((clock.GetUtcNow() - account).TotalSeconds, -1.1, 1.1);
        }
    }

    [Fact]
    public void GetUtcNow_TheHostsClockIsSet_GoesOnByItsStopwatch()
    {
        var (host, account) = (new MachineClock(s_true), s_true);
        var clock = new StorageClock(host);
        Answer(clock, host, ref account, TimeSpan.FromMilliseconds(10));
        var before = clock.GetUtcNow();

        host.Set(s_true.AddHours(-3));
        Pass(host, ref account, TimeSpan.FromSeconds(5));

        Assert.Equal(before.AddSeconds(5), clock.GetUtcNow());
    }

    [Fact]
    public void Observe_TheMachineSlept_TakesTheNewAnswer()
    {
        var (host, account) = (new MachineClock(s_true), s_true);
        var clock = new StorageClock(host);
        Answer(clock, host, ref account, TimeSpan.FromMilliseconds(10));

        account += TimeSpan.FromHours(8); // its stopwatch stood still
        Answer(clock, host, ref account, TimeSpan.FromMilliseconds(10));

        Assert.InRange((clock.GetUtcNow() - account).TotalSeconds, -1, 1);
    }

    [Fact]
    public void Observe_OneAnswerWasWrong_TheNextMendsIt()
    {
        var (host, account) = (new MachineClock(s_true), s_true);
        var clock = new StorageClock(host);
        clock.Observe(s_true.AddDays(1), host.GetTimestamp(), host.GetTimestamp());

        Answer(clock, host, ref account, TimeSpan.FromMilliseconds(10));

        Assert.InRange((clock.GetUtcNow() - account).TotalSeconds, -1, 1);
    }

    // A round trip; the account looks at its clock in the middle of it, and cuts off.
    private static void Answer(StorageClock clock, MachineClock host, ref DateTimeOffset account, TimeSpan trip)
    {
        var sent = clock.GetTimestamp();
        Pass(host, ref account, trip / 2);
        var date = new DateTimeOffset(account.Ticks - (account.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        Pass(host, ref account, trip / 2);
        clock.Observe(date, sent, clock.GetTimestamp());
    }

    private static void Pass(MachineClock host, ref DateTimeOffset account, TimeSpan time)
    {
        host.Advance(time);
        account += time;
    }
}
