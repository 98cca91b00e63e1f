using DrFunctions.Cloud.Documents;

namespace DrFunctions.Cloud.Tests.Documents;

public sealed class MirroredKeysTests
{
    [Theory]
    [InlineData("plans/shop/versions/1", true)]
    [InlineData("plans/shop/current", true)]
    [InlineData("workloads/shop", true)]
    [InlineData("locks/shop", true)]
    [InlineData("runs/r1/run", false)]
    [InlineData("runs/r1/journal/000001", true)]
    [InlineData("runs/r1/anchor", true)]
    [InlineData("runs/r1/anchor/x", false)]
    [InlineData("runs/r1/decisions/001/000007/approve-ann", true)]
    [InlineData("runs/r1/decisions", false)]
    [InlineData("incidents/shop/shop-000001/decisions/approve-ann", true)]
    [InlineData("incidents/shop/shop-000001", false)]
    [InlineData("acknowledgements/shop/shop-run-1", true)]
    [InlineData("restoretests/shop/files/20300101T0000Z", true)]
    [InlineData("testing/shop/files", false)]
    [InlineData("unreadable/unreadable-000001", false)]
    [InlineData("signals/abc", false)]
    [InlineData("incidents/shop/1", false)]
    [InlineData("schedules/shop/files", false)]
    [InlineData("backups/shop/files/1", false)]
    [InlineData("unmirrored/locks/shop/new", false)]
    [InlineData("planspace/x", false)]
    [InlineData("other/r1/journal/1", false)]
    public void Contains_Key_AsTheDesignMarksIt(string key, bool expected) => Assert.Equal(expected, MirroredKeys.Contains(key));

    [Theory]
    [InlineData("plans/shop/versions/1", true)]
    [InlineData("plans/shop/current", false)]
    [InlineData("locks/shop", false)]
    [InlineData("workloads/shop", false)]
    [InlineData("runs/r1/journal/000001", true)]
    [InlineData("runs/r1/anchor", true)]
    [InlineData("runs/r1/decisions/001/000007/approve-ann", true)]
    [InlineData("incidents/shop/shop-000001/decisions/approve-ann", true)]
    [InlineData("acknowledgements/shop/shop-run-1", true)]
    [InlineData("restoretests/shop/files/20300101T0000Z", true)]
    public void NeverChanges_Key_AsTheDesignSays(string key, bool expected) => Assert.Equal(expected, MirroredKeys.NeverChanges(key));

    [Theory]
    [InlineData("runs/r1/journal/000001", "runs/r1")]
    [InlineData("runs/r1/anchor", "runs/r1")]
    [InlineData("runs/r1/anchor/x", null)]
    [InlineData("runs/r1/decisions/001/000007/approve-ann", null)]
    [InlineData("runs/r1/notes/001", null)]
    [InlineData("locks/shop", null)]
    public void SeriesOf_Key_IsTheRunOfItsJournalAndAnchor(string key, string? expected)
    {
        Assert.Equal(expected, MirroredKeys.SeriesOf(key));
        Assert.True(expected is null || (MirroredKeys.IsSeries(expected) && MirroredKeys.SeriesOf(MirroredKeys.LastOf(expected)) == expected));
        Assert.False(MirroredKeys.IsSeries(key.StartsWith("runs/", StringComparison.Ordinal) ? key : "locks/shop"));
    }
}
