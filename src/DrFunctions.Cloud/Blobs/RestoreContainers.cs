using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DrFunctions.Backup;
using DrFunctions.Backup.Targets;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Blobs;

/// <summary>Containers that somebody named to restore to: each is taken by one restore, and only when it was empty or not there. Thread-safe.</summary>
/// <param name="connections">The accounts.</param>
public sealed class RestoreContainers(BlobConnections connections)
{
    private const string Mark = "drfunctionsrestore";

    /// <summary>Takes a container for a restore: makes it, or marks one that is there and empty. Idempotent.</summary>
    /// <param name="place">Where.</param>
    /// <param name="owner">The restore: ASCII letters, digits, '-', '_' and '/'.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.TargetChanged"/>: it is not empty, or another restore's; or the storage's.</exception>
    public async Task ClaimAsync(BlobContainer place, string owner, CancellationToken cancellationToken)
    {
        var container = connections.Container(place);
        try
        {
            await container.CreateAsync(metadata: Marked(owner), cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exists) when (BlobFailure.Is(exists, BlobErrorCode.ContainerAlreadyExists))
        {
            await MarkAsync(container, owner, cancellationToken);
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, "create the container", BlobPlace.Of(container));
        }
    }

    /// <summary>To restore into a container that was taken; once it is removed, whoever still writes fails.</summary>
    public IRestoreTarget Target(BlobContainer place) => new BlobContainerTarget(connections.Container(place), mustExist: true);

    private static async Task MarkAsync(BlobContainerClient container, string owner, CancellationToken cancellationToken)
    {
        try
        {
            var mark = await MarkOfAsync(container, cancellationToken);
            if (mark == owner)
            {
                return;
            }

            if (mark is not null || await container.GetBlobsAsync(cancellationToken: cancellationToken).AnyAsync(cancellationToken))
            {
                throw Taken(container, mark is null ? "is not empty" : "was restored to before");
            }

            // The service takes no ETag here: of two at once the last one has it, and the other one sees that.
            await container.SetMetadataAsync(Marked(owner), cancellationToken: cancellationToken);
            if (await MarkOfAsync(container, cancellationToken) != owner)
            {
                throw Taken(container, "is being restored to");
            }
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, "look at the container", BlobPlace.Of(container));
        }
    }

    private static async Task<string?> MarkOfAsync(BlobContainerClient container, CancellationToken cancellationToken) =>
        (await container.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata?.FirstOrDefault(pair => pair.Key.Equals(Mark, StringComparison.OrdinalIgnoreCase)).Value;

    private static BackupException Taken(BlobContainerClient container, string why) => new(
        BackupErrors.TargetChanged,
        $"{BlobPlace.Of(container)} {why}; expected a container that is empty or not there. Nothing in it was changed.",
        isTransient: false,
        "Name another container, or remove this one.");

    private static Dictionary<string, string> Marked(string owner) => new() { [Mark] = owner };
}
