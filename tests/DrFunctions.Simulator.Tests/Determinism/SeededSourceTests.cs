using DrFunctions.Simulator.Determinism;

namespace DrFunctions.Simulator.Tests.Determinism;

public class SeededSourceTests
{
    [Fact]
    public void Next_SameSeedAndStream_DrawsTheSame()
    {
        var one = new SeededSource(7);
        var other = new SeededSource(7);

        Assert.Equal(Draws(one, "a"), Draws(other, "a"));
        var id = one.NextId("id");
        Assert.Equal(id, other.NextId("id"));
        Assert.Equal((4, 0x8), (id.Version, id.Variant & 0xC));
    }

    [Fact]
    public void Next_OtherDrawsBetween_DisturbNothing()
    {
        var alone = new SeededSource(7);
        var beside = new SeededSource(7);
        Draws(beside, "b");

        Assert.Equal(Draws(alone, "a"), Draws(beside, "a"));
    }

    [Fact]
    public void Next_AnotherSeedOrStream_DrawsOtherNumbers()
    {
        var seven = Draws(new SeededSource(7), "a");

        Assert.Equal(seven.Length, seven.Distinct().Count());
        Assert.Empty(seven.Intersect(Draws(new SeededSource(8), "a")));
        Assert.Empty(seven.Intersect(Draws(new SeededSource(7), "b")));
    }

    [Fact]
    public void Next_WithALimit_StaysBelowItAndReachesAll()
    {
        var source = new SeededSource(7);

        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(0, 1000).Select(_ => source.Next("a", 10)).Distinct().Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Next("a", 0));
    }

    [Fact]
    public void Reset_DrawsFromTheBeginning()
    {
        var source = new SeededSource(7);
        var first = Draws(source, "a");

        source.Reset();

        Assert.Equal(first, Draws(source, "a"));
    }

    private static ulong[] Draws(SeededSource source, string stream) => [.. Enumerable.Range(0, 100).Select(_ => source.Next(stream))];
}
