namespace DrFunctions.Cli.Tests.Backups;

/// <summary><c>dr backup repair</c> says what it saved and what it did not.</summary>
public sealed class BackupRepairCommandTests : IAsyncLifetime, IDisposable
{
    private readonly BackupScene scene = new();

    private string Copy => scene.At("copy");

    public async Task InitializeAsync()
    {
        scene.Write("a.txt", "one");
        scene.Write("docs/b.txt", "two");
        await scene.DocumentAsync("init");
        await scene.DocumentAsync("run", scene.Source, "--id", "first");
        await scene.DocumentAsync("copy", "--to", Copy);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task Repair_NothingIsDamaged_SaysSo()
    {
        var repaired = await scene.DrAsync("repair");

        Assert.Equal((0, ""), (repaired.Code, repaired.Error));
        Assert.Contains("nothing is missing or damaged", repaired.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repair_FromTheCopy_HealsAndNamesEachObject()
    {
        var damaged = BackupScene.DamagePacks(scene.Repository);
        var before = BackupScene.Bytes(scene.Repository);
        var tried = await scene.DocumentAsync("repair", "--from", Copy, "--dry-run");
        Assert.Equal(before, BackupScene.Bytes(scene.Repository));

        var repaired = await scene.DocumentAsync("repair", "--from", Copy);

        Assert.Equal(Enumerable.Repeat("canBeHealed", damaged), tried["objects"]!.AsArray().Select(item => (string?)item!["outcome"])); // It is a list of objects.
        Assert.Equal(Enumerable.Repeat("healed", damaged), repaired["objects"]!.AsArray().Select(item => (string?)item!["outcome"])); // It is a list of objects.
        Assert.All(repaired["objects"]!.AsArray(), item => Assert.StartsWith("packs/", (string?)item!["key"], StringComparison.Ordinal)); // As before.
        Assert.Equal(0, (await scene.DrAsync("check")).Code);
    }

    [Fact]
    public async Task Repair_FromTheSource_SavesWhatItStillHasAndNamesTheRest()
    {
        scene.Write("docs/b.txt", "another");
        BackupScene.DamagePacks(scene.Repository);

        var repaired = await scene.DrAsync("repair", "--source", scene.Source);

        Assert.Equal(9, repaired.Code);
        Assert.Matches("(?m)^put aside     packs/", repaired.Output);
        Assert.Matches("(?m)^lost          first  ", repaired.Output);
        Assert.Contains("cannot be restored", repaired.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repair_WithNothing_FailsAndNamesTheFiles()
    {
        BackupScene.DamagePacks(scene.Repository);

        var tried = await scene.DrAsync("repair", "--dry-run");

        Assert.Equal(9, tried.Code);
        Assert.Matches("(?m)^not saved     packs/", tried.Output);
        Assert.Matches("(?m)^lost          first  ", tried.Output);
    }

    [Fact]
    public async Task Repair_AnotherRepositoryAsTheCopy_IsRefused()
    {
        var other = scene.At("other");
        await scene.RunAsync("backup", "init", "-r", other);
        var before = BackupScene.Bytes(scene.Repository);

        var repaired = await scene.DrAsync("repair", "--from", other);

        Assert.Equal(1, repaired.Code);
        Assert.Contains("holds another repository than", BackupScene.Unwrapped(repaired.Error), StringComparison.Ordinal);
        Assert.Equal(before, BackupScene.Bytes(scene.Repository));
    }
}
