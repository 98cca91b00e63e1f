using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DrFunctions.Backup;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Blobs;

/// <summary>
/// Containers of an account that are there for a while and carry their owner's mark, so that they are told from all others. None without
/// the mark is ever written to or removed. Thread-safe.
/// </summary>
/// <param name="connections">The accounts.</param>
public sealed class ScratchContainers(BlobConnections connections)
{
    /// <summary>What the name of each begins with.</summary>
    public const string Prefix = "drtest-";

    private const string Mark = "drfunctions";

    /// <summary>Makes sure that the container is there and has the mark. Idempotent.</summary>
    /// <param name="place">Its name begins with <see cref="Prefix"/>.</param>
    /// <param name="owner">The mark: ASCII letters, digits, '-', '_' and '/'.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.TargetChanged"/>: one without the mark is there; or the storage's.</exception>
    public async Task EnsureAsync(BlobContainer place, string owner, CancellationToken cancellationToken)
    {
        var container = ContainerOf(place);
        try
        {
            await container.CreateAsync(metadata: new Dictionary<string, string> { [Mark] = owner }, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exists) when (BlobFailure.Is(exists, BlobErrorCode.ContainerAlreadyExists))
        {
            await ThrowUnlessOwnAsync(container, owner, cancellationToken);
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, "create the container", BlobPlace.Of(container));
        }
    }

    /// <summary>To restore into a container that is there: once it is removed, whoever still writes fails, and does not make it again.</summary>
    public IRestoreTarget Target(BlobContainer place) => new BlobContainerTarget(ContainerOf(place), mustExist: true);

    /// <summary>What is in it.</summary>
    public IBackupSource Source(BlobContainer place) => new BlobContainerSource(ContainerOf(place));

    /// <summary>Names of the account's containers with a mark that fits.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public async IAsyncEnumerable<string> ListAsync(
        string connection, Predicate<string> owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var service = connections.Service(connection);
        var containers = service
            .GetBlobContainersAsync(BlobContainerTraits.Metadata, BlobContainerStates.None, Prefix, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (containers)
        {
            while (await NextAsync())
            {
                if (MarkOf(containers.Current.Properties.Metadata) is { } mark && owner(mark))
                {
                    yield return containers.Current.Name;
                }
            }
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await containers.MoveNextAsync();
            }
            catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
            {
                throw BlobFailure.Of(error, "list the containers", service.Uri.GetLeftPart(UriPartial.Path));
            }
        }
    }

    /// <summary>Removes all containers with a mark that fits, and looks whether they are gone. Idempotent.</summary>
    /// <returns>The names of those that were there.</returns>
    /// <exception cref="BackupException"><see cref="BackupErrors.StorageUnavailable"/>: some are still listed; or the storage's.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(string connection, Predicate<string> owner, CancellationToken cancellationToken)
    {
        var removed = await NamesAsync(connection, owner, cancellationToken);
        foreach (var name in removed)
        {
            var container = connections.Container(connection, name);
            try
            {
                await container.DeleteIfExistsAsync(cancellationToken: cancellationToken);
            }
            catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
            {
                throw BlobFailure.Of(error, "remove the container", BlobPlace.Of(container));
            }
        }

        var left = removed.Count == 0 ? removed : await NamesAsync(connection, owner, cancellationToken);
        return left.Count == 0 ? removed : throw new BackupException(
            BackupErrors.StorageUnavailable,
            $"The containers {string.Join(", ", left)} are still listed after they were removed.",
            isTransient: true,
            "Nothing: it is tried again. Look for locks on the storage account where that lasts.");
    }

    private static string? MarkOf(IDictionary<string, string>? metadata) =>
        metadata?.FirstOrDefault(pair => pair.Key.Equals(Mark, StringComparison.OrdinalIgnoreCase)).Value;

    private static async Task ThrowUnlessOwnAsync(BlobContainerClient container, string owner, CancellationToken cancellationToken)
    {
        try
        {
            if (MarkOf((await container.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata) != owner)
            {
                throw new BackupException(
                    BackupErrors.TargetChanged,
                    $"{BlobPlace.Of(container)} exists and was not made for '{owner}'; nothing is written to it.",
                    isTransient: false,
                    "Find out whose it is, and remove it.");
            }
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            throw BlobFailure.Of(error, "look at the container", BlobPlace.Of(container));
        }
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string connection, Predicate<string> owner, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var name in ListAsync(connection, owner, cancellationToken))
        {
            names.Add(name);
        }

        return names;
    }

    private BlobContainerClient ContainerOf(BlobContainer place) => place.Container.StartsWith(Prefix, StringComparison.Ordinal)
        ? connections.Container(place)
        : throw new ArgumentException($"'{place.Container}' is no scratch container: its name begins with '{Prefix}'.", nameof(place));
}
