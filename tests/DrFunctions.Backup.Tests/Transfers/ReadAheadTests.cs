using System.Runtime.CompilerServices;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Tests.Transfers;

public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1000)]
    public async Task Of_AnyNumber_IsAllInOrder(int count) =>
        Assert.Equal(Enumerable.Range(0, count), await ReadAhead.Of(new Listing(count).ItemsAsync(default), default).ToListAsync());

    /// <summary>Nothing is listed much further than it is looked at, and nothing any more once nobody looks.</summary>
    [Fact]
    public async Task Of_WhoStopsLooking_EndsTheListingNearby()
    {
        var listing = new Listing(int.MaxValue);
        await foreach (var item in ReadAhead.Of(listing.ItemsAsync(default), default))
        {
            if (item == 100)
            {
                break;
            }
        }

        Assert.True(listing.HasEnded);
        Assert.InRange(listing.Listed, 101, 128 + ReadAhead.Most);
    }

    [Fact]
    public async Task Of_AFailure_ComesAfterAWholeStretchBeforeIt()
    {
        var seen = new List<int>();

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var item in ReadAhead.Of(new Listing(200, fails: true).ItemsAsync(default), default))
            {
                seen.Add(item);
            }
        });

        Assert.Equal("broken", error.Message);
        Assert.Equal(Enumerable.Range(0, seen.Count), seen);
        Assert.InRange(seen.Count, 1, 200);
    }

    [Fact]
    public async Task Of_Cancelled_EndsTheListing()
    {
        using var stop = new CancellationTokenSource();
        var listing = new Listing(int.MaxValue);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in ReadAhead.Of(listing.ItemsAsync(stop.Token), stop.Token))
            {
                if (item == 10)
                {
                    await stop.CancelAsync();
                }
            }
        });

        Assert.True(listing.HasEnded);
    }

    private sealed class Listing(int count, bool fails = false)
    {
        public int Listed { get; private set; }

        public bool HasEnded { get; private set; }

        public async IAsyncEnumerable<int> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                await Task.CompletedTask;
                for (; Listed < count; Listed++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return Listed;
                }

                if (fails)
                {
                    throw new InvalidDataException("broken");
                }
            }
            finally
            {
                HasEnded = true;
            }
        }
    }
}
