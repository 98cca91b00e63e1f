namespace DrFunctions.App.Limits;

public sealed class TokenBucketsTests
{
    private readonly ElapsedTime _clock = new();

    [Fact]
    public void Take_AMinutesWorthAtOnce_ThenOneForEachThatIsRefilled()
    {
        var buckets = new TokenBuckets(60, 10, _clock);
        Assert.All(Enumerable.Range(0, 60), _ => Assert.Null(buckets.Take("ann")));

        Assert.Equal(TimeSpan.FromSeconds(1), buckets.Take("ann"));
        Assert.Null(buckets.Take("bob"));
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(0.5, buckets.Take("ann")!.Value.TotalSeconds, 6); // it was just refused
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(buckets.Take("ann"));
        Assert.NotNull(buckets.Take("ann"));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(60, Enumerable.Range(0, 100).Count(_ => buckets.Take("ann") is null));
    }

    [Fact]
    public void Take_ByMoreKeysThanThereIsRoomFor_IsBoundedAndSpoilsNobodyWhoWasThere()
    {
        var buckets = new TokenBuckets(10, 100, _clock);
        Assert.Null(buckets.Take("ann"));

        var admitted = Enumerable.Range(0, 100_000).Count(each => buckets.Take($"address {each}") is null);

        Assert.Equal(99 + 10, admitted); // 99 of their own, the others share one
        Assert.InRange(buckets.Count, 100, 101);
        Assert.Equal(9, Enumerable.Range(0, 20).Count(_ => buckets.Take("ann") is null));

        // Full again, they are forgotten.
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(buckets.Take("somebody new"));
        Assert.Equal(1, buckets.Count);
    }
}
