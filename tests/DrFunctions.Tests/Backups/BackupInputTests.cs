namespace DrFunctions.App.Backups;

public sealed class BackupInputTests
{
    private const string Occurrence = "20260301T0300Z";
    private static readonly string Longest = new('a', 40);

    [Fact]
    public void InstanceId_UsualNames_CanBeRead() =>
        Assert.Equal("backup-shop_files_20260301T0300Z", new BackupInput("shop", "files", Occurrence, "v").InstanceId);

    [Fact]
    public void InstanceId_LongestNames_FitsWithRoomToSpareAndKeepsThemApart()
    {
        var ids = new[] { (Longest, Longest), (Longest, Longest[1..]), (Longest[1..], Longest) }
            .Select(names => new BackupInput(names.Item1, names.Item2, Occurrence, "v").InstanceId)
            .ToList();

        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.InRange(id.Length, 1, 86)); // of the 100 that Durable Functions allows
        Assert.All(ids, id => Assert.EndsWith($"_{Occurrence}", id, StringComparison.Ordinal));
    }
}
