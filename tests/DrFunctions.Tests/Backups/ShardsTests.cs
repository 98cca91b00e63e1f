using System.Security.Cryptography;
using Azure.Storage.Blobs;
using DrFunctions.App.Deployments;
using DrFunctions.Backup;
using DrFunctions.Backup.Sources;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;

namespace DrFunctions.App.Backups;

/// <summary>A container of many shards: the host gives a function half a minute, so that a shard has 500 blobs.</summary>
public sealed class ShardsTests
{
    private const int Blobs = 1_200;
    private static readonly (string, string) HalfAMinute = (FunctionTimeout.Setting, "00:00:30");

    [Fact]
    public async Task Backup_OfManyShards_HasEveryBlob()
    {
        await using var app = await Deployment.StartAsync(null, HalfAMinute);
        var blobs = await UploadAsync(app.West.GetBlobContainerClient("files"));
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);

        await app.TickAsync();
        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "copied");

        Assert.Equal(Blobs, int.Parse((await app.Api.GetAsync("api/plans/shop/backups"))["backups.0.files"], System.Globalization.CultureInfo.InvariantCulture));
        await AssertRestoresAsync(app.North, blobs);
    }

    /// <summary>The machine is replaced when some shards are taken: the other one takes the rest, and those again that were not durable.</summary>
    [Fact]
    public async Task Backup_MachineReplacedBetweenShards_HasEveryBlob()
    {
        await using var app = await Deployment.StartAsync(null, HalfAMinute, (BackupSlots.Setting, "1"));
        var blobs = await UploadAsync(app.West.GetBlobContainerClient("files"));
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        await app.TickAsync();
        var parts = await Eventually.SeeAsync(
            async () => (await Deployment.ReadAsync(app.West.GetBlobContainerClient("backups"))).Keys.Count(key => key.StartsWith("parts/", StringComparison.Ordinal)),
            seen => seen > 2,
            "a part");

        await app.ReplaceAsync(app.Time);

        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "copied", "copied");
        Assert.True(parts > 2);
        await AssertRestoresAsync(app.North, blobs);
        Assert.DoesNotContain(
            (await Deployment.ReadAsync(app.West.GetBlobContainerClient("backups"))).Keys,
            key => key.StartsWith("parts/", StringComparison.Ordinal) || key.StartsWith("checkpoints/", StringComparison.Ordinal));
    }

    private static async Task<Dictionary<string, byte[]>> UploadAsync(BlobContainerClient container)
    {
        await container.CreateIfNotExistsAsync();
        var blobs = Enumerable.Range(0, Blobs).ToDictionary(number => $"folder/{number:d4}", number => RandomNumberGenerator.GetBytes(number % 300));
        await Parallel.ForEachAsync(blobs, async (blob, token) => await container.UploadBlobAsync(blob.Key, BinaryData.FromBytes(blob.Value), token));
        return blobs;
    }

    private static async Task AssertRestoresAsync(BlobServiceClient region, Dictionary<string, byte[]> expected)
    {
        var engine = new BackupEngine();
        using var repository = await ARepository.OpenAsync(new BlobRepository(region.GetBlobContainerClient("backups")));
        var latest = await engine.LatestAsync(repository);
        var target = new MemoryFiles();
        await engine.RestoreAsync(repository, latest.Snapshot!.Id, target); // there is one: it is copied
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), target.Paths);
        Assert.All(expected, blob => Assert.True(blob.Value.AsSpan().SequenceEqual(target.Read(blob.Key)), blob.Key));
    }
}
