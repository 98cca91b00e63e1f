using System.Diagnostics;
using Azure.Storage.Blobs;
using DrFunctions.Backup;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests.Blobs;

/// <summary>Backups between two accounts while accounts refuse, hang and die.</summary>
public sealed class BlobOutageTests : IAsyncLifetime
{
    private static readonly BlobClientSettings Impatient = new()
    {
        NetworkTimeout = TimeSpan.FromSeconds(1),
        MaxRetries = 1,
        Delay = TimeSpan.FromMilliseconds(10),
    };

    private static readonly BackupEngine Engine = new();
    private readonly SnapshotRequest request = new("files-1", "shop", "files");
    private Azurite? server;

    private Azurite Server => server ?? throw new InvalidOperationException("Not started.");

    private BlobConnections Connections => new(
        name => name switch
        {
            "WEST" => Server.ConnectionStringOf("west"),
            "NORTH" => Server.ConnectionStringOf("north"),
            "STRANGER" => Server.ConnectionStringOf("west").Replace("AccountName=west", "AccountName=north", StringComparison.Ordinal)
                .Replace("/west", "/north", StringComparison.Ordinal),
            _ => null,
        },
        Impatient);

    public async Task InitializeAsync() => server = await Azurite.StartAsync("west", "north");

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task BackupCopyRestore_AcrossAccounts_IsBitForBit()
    {
        var files = await FillAsync();
        using var west = await MakeAsync();

        var snapshot = await Engine.BackupAsync(new BlobContainerSource(files), west, request);
        await Engine.CopyAsync(west, Repository("NORTH"));
        var restored = Connections.Container("NORTH", "files");
        using var north = await ARepository.OpenAsync(Repository("NORTH"));
        var result = await Engine.RestoreAsync(north, snapshot.Id, new BlobContainerTarget(restored));

        Assert.Equal(4, result.FilesWritten);
        await foreach (var blob in files.GetBlobsAsync())
        {
            var (left, right) = (await ReadAsync(files, blob.Name), await ReadAsync(restored, blob.Name));
            Assert.True(left.AsSpan().SequenceEqual(right), blob.Name);
        }

        Assert.Equal(4, (await Engine.RestoreAsync(north, snapshot.Id, new BlobContainerTarget(restored))).FilesUnchanged);
        Assert.Equal(snapshot, (await Engine.LatestAsync(north, new SnapshotFilter { Workload = "shop", Policy = "files" })).Snapshot);
        Assert.True((await Engine.CheckAsync(north)).IsClean);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restore_SomeoneElseWritesMeanwhile_LeavesTheirs(bool wasThere)
    {
        var files = await FillAsync();
        using var west = await MakeAsync();
        var snapshot = await Engine.BackupAsync(new BlobContainerSource(files), west, request);
        var restored = Connections.Container("NORTH", "files");
        await restored.CreateIfNotExistsAsync();
        var names = await files.GetBlobsAsync().Select(blob => blob.Name).ToListAsync();
        foreach (var name in names.Where(_ => wasThere))
        {
            await restored.GetBlobClient(name).UploadAsync(BinaryData.FromString("old"), overwrite: true);
        }

        // A restore that was thought dead shows its files after users have written theirs.
        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.RestoreAsync(
            west,
            snapshot.Id,
            new BlobContainerTarget(restored),
            new RestoreOptions
            {
                BeforeCommit = async token =>
                {
                    foreach (var name in names)
                    {
                        await restored.GetBlobClient(name).UploadAsync(BinaryData.FromString("a user's"), overwrite: true, token);
                    }
                },
            }));

        Assert.Equal(BackupErrors.TargetChanged, error.Code);
        Assert.True(error.IsTransient);
        foreach (var name in names)
        {
            Assert.Equal("a user's", (await restored.GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString());
        }
    }

    [Fact]
    public async Task Restore_CallerWasOvertaken_WritesNothing()
    {
        var files = await FillAsync();
        using var west = await MakeAsync();
        var snapshot = await Engine.BackupAsync(new BlobContainerSource(files), west, request);
        var restored = Connections.Container("NORTH", "files");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Engine.RestoreAsync(
            west,
            snapshot.Id,
            new BlobContainerTarget(restored),
            new RestoreOptions { BeforeCommit = _ => throw new InvalidOperationException("overtaken") }));

        Assert.Empty(await new BlobContainerTarget(restored).ListAsync(default).ToListAsync());
    }

    [Fact]
    public async Task Backup_AccountHangs_FailsInTimeAndTheRerunCompletes()
    {
        var files = await FillAsync();
        using var west = await MakeAsync();
        Server.Pause();
        var watch = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.BackupAsync(new BlobContainerSource(files), west, request));

        Assert.Equal((BackupErrors.StorageUnavailable, true), (error.Code, error.IsTransient));
        Assert.EndsWith($"in {Repository("WEST").Description}: no answer in time.", error.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Server.Resume();
        Assert.Equal(4, (await Engine.BackupAsync(new BlobContainerSource(files), west, request)).Files);
    }

    [Fact]
    public async Task Backup_AccountIsGone_SaysWhereAndThatItMayComeBack()
    {
        var files = await FillAsync();
        using var west = await MakeAsync();
        await Server.StopAsync();

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.BackupAsync(new BlobContainerSource(files), west, request));

        Assert.Equal((BackupErrors.StorageUnavailable, true), (error.Code, error.IsTransient));
        Assert.Equal(
            $"Could not read 'snapshots/files-1' in {Server.EndpointOf("west")}/backups: Connection refused.",
            error.Message);
    }

    [Fact]
    public async Task Open_WrongKey_IsRefusedWithoutTheKey()
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => ARepository.OpenAsync(Repository("STRANGER")));

        Assert.Equal((BackupErrors.StorageRefused, false), (error.Code, error.IsTransient));
        Assert.Equal(
            $"Could not read 'config' in {Server.EndpointOf("north")}/backups: the answer was 403 AuthorizationFailure.",
            error.Message);
    }

    [Fact]
    public async Task Backup_MissingContainer_NamesIt()
    {
        using var west = await MakeAsync();

        var error = await Assert.ThrowsAsync<BackupException>(
            () => Engine.BackupAsync(new BlobContainerSource(Connections.Container("WEST", "none")), west, request));

        Assert.Equal(BackupErrors.StorageRefused, error.Code);
        Assert.Equal($"Could not list the blobs in {Server.EndpointOf("west")}/none: the answer was 404 ContainerNotFound.", error.Message);
        Assert.Equal("Check the container's name.", error.Hint);
    }

    [Fact]
    public async Task Open_NothingThereYet_SaysThatThereIsNoRepository()
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => ARepository.OpenAsync(Repository("WEST")));

        Assert.Equal((BackupErrors.NoRepository, $"{Server.EndpointOf("west")}/backups holds no repository."), (error.Code, error.Message));
    }

    private async Task<OpenedRepository> MakeAsync()
    {
        await ARepository.MakeAsync(Repository("WEST"));
        return await ARepository.OpenAsync(Repository("WEST"));
    }

    private BlobRepository Repository(string connection) => new(Connections.Container(connection, "backups"));

    private static async Task<byte[]> ReadAsync(BlobContainerClient container, string name) =>
        (await container.GetBlobClient(name).DownloadContentAsync()).Value.Content.ToArray();

    private async Task<BlobContainerClient> FillAsync()
    {
        // With the SDK's patience: an impatient retry of what has arrived would be refused.
        var container = new BlobContainerClient(Server.ConnectionStringOf("west"), "files");
        await container.CreateAsync();
        await container.UploadBlobAsync("empty", BinaryData.FromString(""));
        await container.UploadBlobAsync("small/ä ö+%20#?&=.txt", BinaryData.FromString("small"));
        await container.UploadBlobAsync("chunk", BinaryData.FromBytes(Bytes.Of(4 * 1024 * 1024, seed: 1)));
        await container.UploadBlobAsync("long", BinaryData.FromBytes(Bytes.Of((9 * 1024 * 1024) + 1, seed: 2)));
        return Connections.Container("WEST", "files");
    }
}
