using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using DrFunctions.Backup;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Blobs;

/// <summary>
/// Clients for the storage accounts that plans name by app setting: a connection string under the name itself, or an identity and
/// <c>{name}__blobServiceUri</c>. Thread-safe; keeps one client per name.
/// </summary>
/// <param name="settings">Looks up an app setting; null when it is not set.</param>
/// <param name="clientSettings">Timeouts and retries; default <see cref="BlobClientSettings"/>'s defaults.</param>
/// <param name="credential">For accounts by URI; default <see cref="DefaultAzureCredential"/>.</param>
public sealed class BlobConnections(
    Func<string, string?> settings, BlobClientSettings? clientSettings = null, TokenCredential? credential = null)
{
    private readonly ConcurrentDictionary<string, BlobServiceClient> clients = new(StringComparer.Ordinal);
    private readonly Lazy<TokenCredential> identity = new(() => credential ?? new DefaultAzureCredential());

    /// <summary>A container's client.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.StorageRefused"/>: the setting is missing or broken; the message names it.</exception>
    public BlobContainerClient Container(BlobContainer place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Container(place.Connection, place.Container);
    }

    /// <summary>A container's client.</summary>
    /// <param name="connection">The app setting's name.</param>
    /// <param name="container">The container's name.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.StorageRefused"/>: the setting is missing or broken; the message names it.</exception>
    public BlobContainerClient Container(string connection, string container) => Service(connection).GetBlobContainerClient(container);

    /// <summary>A repository in a container, which the storage of other accounts may be given objects from.</summary>
    /// <param name="connection">The app setting's name.</param>
    /// <param name="container">The container's name.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.StorageRefused"/>: the setting is missing or broken; the message names it.</exception>
    public BlobRepository Repository(string connection, string container)
    {
        var client = Container(connection, container);
        return new BlobRepository(client, client.CanGenerateSasUri ? null : identity.Value);
    }

    /// <summary>An account's client.</summary>
    /// <param name="connection">The app setting's name.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.StorageRefused"/>: the setting is missing or broken; the message names it.</exception>
    public BlobServiceClient Service(string connection)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connection);
        return clients.GetOrAdd(connection, Create);
    }

    /// <summary>Client options with these timeouts and retries.</summary>
    public static BlobClientOptions OptionsOf(BlobClientSettings clientSettings)
    {
        ArgumentNullException.ThrowIfNull(clientSettings);
        var options = new BlobClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = clientSettings.MaxRetries;
        options.Retry.Delay = clientSettings.Delay;
        options.Retry.MaxDelay = clientSettings.MaxDelay;
        options.Retry.NetworkTimeout = clientSettings.NetworkTimeout;
        return options;
    }

    private BlobServiceClient Create(string connection)
    {
        var options = OptionsOf(clientSettings ?? new BlobClientSettings());
        var uriName = connection + "__blobServiceUri";
        if (settings(connection) is { Length: > 0 } connectionString)
        {
            try
            {
                return new BlobServiceClient(connectionString, options);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
            {
                // The cause may quote the setting, which holds a key.
                throw Broken($"The app setting '{connection}' is not the connection string of a storage account.", connection);
            }
        }

        // Hosts that read the environment turn "__" into ":".
        if ((settings(uriName) ?? settings(connection + ":blobServiceUri")) is { Length: > 0 } text)
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0
                ? new BlobServiceClient(uri, identity.Value, options)
                : throw Broken($"The app setting '{uriName}' is not an https URI without a query.", connection);
        }

        throw Broken($"The app setting '{connection}' (or '{uriName}') is not set.", connection);
    }

    private static BackupException Broken(string message, string connection) => new(
        BackupErrors.StorageRefused,
        message,
        isTransient: false,
        $"Set '{connection}' to a connection string, or '{connection}__blobServiceUri' to the account's blob endpoint for an identity.");
}
