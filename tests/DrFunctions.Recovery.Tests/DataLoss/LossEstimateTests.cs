using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Probes;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.DataLoss;

public sealed class LossEstimateTests
{
    private static readonly DateTimeOffset s_now = MovableClock.Start;

    public static TheoryData<string, int?, int?, int?, int?> Table => new()
    {
        // what, files safe until (seconds ago), orders safe until, oldest sample, expected loss
        { "the worst store counts", 60, 300, null, 300 },
        { "one unknown store makes all unknown", 60, null, null, null },
        { "another clock's future loses nothing", -60, -60, null, 0 },
        { "a sample stands in", 60, null, 600, 1000 },
        { "the sample is too old", 60, null, 299, null },
        { "the sample is just young enough", 60, null, 300, 1000 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Of_Readings_TakesTheWorstThatIsKnown(string what, int? files, int? orders, int? oldest, int? expected)
    {
        LagSample[] samples =
        [
            Sample(900, ordersAgo: 2000),
            Sample(300, ordersAgo: 1000),
            Sample(120, ordersAgo: null),
            Sample(-120, ordersAgo: 0),
        ];

        var estimate = LossEstimate.Of([Reading("files", files), Reading("orders", orders)], samples, Seconds(oldest), s_now);

        Assert.True(Seconds(expected) == estimate.Loss, $"{what}: {estimate}");
    }

    [Fact]
    public void Of_NoStore_IsUnknown() => Assert.Null(LossEstimate.Of([], [], null, s_now).Loss);

    [Fact]
    public void Of_AnyStore_SaysWhereTheFigureComesFrom() => Assert.Equal(
        "files is safe until 2026-03-01 02:59:00Z (backup-copy); orders was safe until 2026-03-01 02:43:20Z by the sample of 2026-03-01 02:55:00Z (now: no answer)",
        LossEstimate.Of([Reading("files", 60), Reading("orders", null)], [Sample(300, 1000)], TimeSpan.FromMinutes(10), s_now).Detail);

    private static LagReading Reading(string store, int? ago) =>
        new(store, "backup-copy", Ago(ago), ago is null ? "no answer" : null);

    private static LagSample Sample(int ago, int? ordersAgo) =>
        new(s_now - TimeSpan.FromSeconds(ago), ProbeFinding.Healthy, [Reading("files", ago), Reading("orders", ordersAgo)]);

    private static DateTimeOffset? Ago(int? seconds) => seconds is { } some ? s_now - TimeSpan.FromSeconds(some) : null;

    private static TimeSpan? Seconds(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;
}
