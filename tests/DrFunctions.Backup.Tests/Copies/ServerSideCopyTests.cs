using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using DrFunctions.Backup.Transfers;
using static DrFunctions.Backup.Tests.Backups.Jobs;
using static DrFunctions.Backup.Tests.Transfers.Backups;
using Jobs = DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Copies;

public sealed class ServerSideCopyTests : IAsyncLifetime
{
    private readonly MemoryRepository origin = new();
    private readonly MemoryRepository copy = new();

    public async Task InitializeAsync()
    {
        (await Opened.CreateAsync(origin)).Dispose();
        await BackupAsync(origin, Jobs.SomeFiles());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(CopyVerification.All)]
    [InlineData(CopyVerification.None)]
    public async Task RunAsync_TheStorageFetches_NothingIsSentAndTheCopyRestoresAlone(CopyVerification verification)
    {
        var place = new FetchingRepository(copy);

        var result = await CopyAsync(place, new CopyOptions { Verification = verification });

        var named = (await ObjectsAsync(origin, "packs/")).Select(item => item.Key).Order().ToList();
        Assert.Equal(named, place.Fetched.Order());
        Assert.Equal((named.Count + 1, named.Count, verification == CopyVerification.All ? named.Count : 0, null), (result.ObjectsCopied, result.ServerSide, result.ReadBack, result.WhySent));
        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
        await AssertCleanAsync(copy);
    }

    [Fact]
    public async Task RunAsync_TheStorageRefuses_IsSentAndSaidAndNotAskedAboutEach()
    {
        var result = await CopyAsync(new FetchingRepository(copy) { Refuses = "the answer was 501" });

        Assert.Equal((0, "the answer was 501"), (result.ServerSide, result.WhySent));
        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
    }

    [Fact]
    public async Task RunAsync_NotToBeAsked_IsSent()
    {
        var place = new FetchingRepository(copy);

        var result = await CopyAsync(place, new CopyOptions { ServerSide = false });

        Assert.Equal((0, null), (result.ServerSide, result.WhySent));
        Assert.Empty(place.Fetched);
        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
    }

    /// <summary>What is read back and wrong, or has another length, is sent in its place before any snapshot shows it.</summary>
    [Theory]
    [InlineData(CopyVerification.All, false)]
    [InlineData(CopyVerification.None, true)]
    public async Task RunAsync_TheStorageFetchesWrong_IsSentInItsPlace(CopyVerification verification, bool shorter)
    {
        var place = new FetchingRepository(copy) { Garble = content => shorter ? content[..^1] : [.. content[..^1], (byte)(content[^1] ^ 1)] };

        await CopyAsync(place, new CopyOptions { Verification = verification });

        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
        await AssertCleanAsync(copy);
    }

    [Fact]
    public async Task RunAsync_APackOfTheOriginIsDamaged_ReadBackShowsNoSnapshot()
    {
        var pack = (await ObjectsAsync(origin, "packs/"))[0];
        var content = await ReadAsync(origin, pack.Key);
        content[50] ^= 1;
        await origin.ReplaceAsync(pack.Key, content, default);

        var error = await Assert.ThrowsAsync<BackupException>(() => CopyAsync(new FetchingRepository(copy), new CopyOptions { Verification = CopyVerification.All }));

        Assert.StartsWith($"the object '{pack.Key}' in memory is damaged: its SHA-256 is ", error.Message, StringComparison.Ordinal);
        Assert.Empty(await ObjectsAsync(copy, "snapshots/"));
    }

    /// <summary>Killed before and after every write, also those of the storage itself: what is visible in the copy restores from it, and the repeated copy ends.</summary>
    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task RunAsync_KilledAtEveryWrite_ShowsOnlyWhatRestores(Death death)
    {
        var writes = 0;
        while (true)
        {
            var place = new MemoryRepository();
            var faults = new FaultyRepository(place, writes + 1, death);
            if (await Record.ExceptionAsync(() => CopyAsync(new FetchingRepository(place) { Faults = faults })) is not { } died)
            {
                break; // It has no more writes than were tried.
            }

            Assert.Equal("died", died.Message);
            writes++;
            if (await place.OpenReadAsync("snapshots/files-1", default) is not null)
            {
                await Jobs.AssertRestoresAsync(place, "files-1", Jobs.SomeFiles());
            }

            await CopyAsync(new FetchingRepository(place));
            await Jobs.AssertRestoresAsync(place, "files-1", Jobs.SomeFiles());
            await AssertCleanAsync(place);
        }

        Assert.InRange(writes, 8, 30);
    }

    private async Task<RepositoryCopy> CopyAsync(IRepository to, CopyOptions? options = null)
    {
        using var repository = await Opened.OpenAsync(origin);
        return await new CopyJob(repository, to, new ProgressMeter(null, TimeProvider.System), options).RunAsync(CancellationToken.None);
    }
}
