using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>What the emulator allows: small conditional writes by the plain SDK, as many at once as the engine may.</summary>
internal static class RawWrites
{
    private static readonly byte[] Body = [.. Enumerable.Repeat((byte)'x', 1024)];

    /// <summary>Creates blobs, each of which must not exist, and replaces each once by its ETag.</summary>
    public static async Task RunAsync(BlobContainerClient container, int writes)
    {
        await Parallel.ForAsync(0, writes / 2, new ParallelOptions { MaxDegreeOfParallelism = RunningEngine.AtOnce }, async (i, ct) =>
        {
            var blob = container.GetBlobClient($"raw-{i.ToString(CultureInfo.InvariantCulture)}");
            var none = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            var created = await blob.UploadAsync(new BinaryData(Body), none, ct);
            var match = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfMatch = created.Value.ETag } };
            await blob.UploadAsync(new BinaryData(Body), match, ct);
        });
    }
}
