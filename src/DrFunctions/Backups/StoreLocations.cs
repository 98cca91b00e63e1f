using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.KeyVault;
using DrFunctions.Recovery.Workloads;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.Backups;

/// <summary>From a plan's containers to the engine's ports, and to repositories that are opened by keys of vaults or by the app's passphrase. Thread-safe.</summary>
public sealed class StoreLocations
{
    /// <summary>The setting: the passphrase of the plans' repositories; on Azure a Key Vault reference.</summary>
    public const string Setting = "Dr__RepositoryPassphrase";

    /// <summary>The setting: URLs of keys in vaults that open the plans' repositories, in the order in which they are tried, comma-separated.</summary>
    public const string KeysSetting = "Dr__RepositoryKeys";

    private readonly BlobConnections _connections;
    private readonly BackupEngine _engine;

    // One for the process: what is derived of the passphrase is derived once for each repository, not at each opening.
    private readonly List<IKeyWrapper> _secrets;
    private readonly BackupException? _mistake;

    public StoreLocations(BlobConnections connections, BackupEngine engine, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        (_connections, _engine) = (connections, engine);
        _secrets = [];
        try
        {
            var vaults = (configuration["Dr:RepositoryKeys"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            _secrets.AddRange(vaults.Select(key => new KeyVaultOptions().Open(key)));
        }
        catch (BackupException error)
        {
            // Said by whoever opens a repository, not by an app that does not start.
            _mistake = new BackupException(error.Code, $"The app setting '{KeysSetting}' is wrong. {error.Message}", error.IsTransient, error.Hint, error);
        }

        if (configuration["Dr:RepositoryPassphrase"] is { Length: > 0 } passphrase)
        {
            _secrets.Add(new KeptKeys(KeyWrappers.OfPassphrase(passphrase)));
        }
    }

    public IPagedSource Source(BlobContainer container) => new BlobContainerSource(_connections.Container(container));

    public IRestoreTarget Target(BlobContainer container) => new BlobContainerTarget(_connections.Container(container));

    public IRepository Repository(BlobContainer container) => _connections.Repository(container.Connection, container.Container);

    /// <summary>Opens a repository; the caller's to dispose.</summary>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.KeyUnavailable"/>: a vault does not answer, and nothing else opens it; <see cref="BackupErrors.NoRepository"/>: none was made there; <see cref="BackupErrors.WrongSecret"/>: the setting is missing or another repository's; or the storage's.
    /// </exception>
    public Task<OpenedRepository> OpenAsync(BlobContainer container, CancellationToken cancellationToken) => _mistake is not null ? throw _mistake
        : _secrets.Count == 0
        ? throw new BackupException(
            BackupErrors.WrongSecret,
            $"Neither of the app settings '{KeysSetting}' and '{Setting}' is set; expected keys of vaults that open the repositories, or the passphrase that they were made with.",
            isTransient: false,
            $"Set '{KeysSetting}', or '{Setting}', on Azure to a Key Vault reference.")
        : _engine.OpenAsync(Repository(container), _secrets, cancellationToken);
}
