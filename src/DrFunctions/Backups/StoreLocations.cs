using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Workloads;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.Backups;

/// <summary>From a plan's containers to the engine's ports, and to repositories that are opened by the app's passphrase. Thread-safe.</summary>
public sealed class StoreLocations
{
    /// <summary>The setting: the passphrase of the plans' repositories; on Azure a Key Vault reference.</summary>
    public const string Setting = "Dr__RepositoryPassphrase";

    private readonly BlobConnections _connections;
    private readonly BackupEngine _engine;

    // One for the process: what is derived of the passphrase is derived once for each repository, not at each opening.
    private readonly IReadOnlyList<IKeyWrapper>? _secrets;

    public StoreLocations(BlobConnections connections, BackupEngine engine, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        (_connections, _engine) = (connections, engine);
        _secrets = configuration["Dr:RepositoryPassphrase"] is { Length: > 0 } passphrase ? [new KeptKeys(KeyWrappers.OfPassphrase(passphrase))] : null;
    }

    public IPagedSource Source(BlobContainer container) => new BlobContainerSource(_connections.Container(container));

    public IRestoreTarget Target(BlobContainer container) => new BlobContainerTarget(_connections.Container(container));

    public IRepository Repository(BlobContainer container) => new BlobRepository(_connections.Container(container));

    /// <summary>Opens a repository; the caller's to dispose.</summary>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.NoRepository"/>: none was made there; <see cref="BackupErrors.WrongSecret"/>: the setting is missing or another repository's; or the storage's.
    /// </exception>
    public Task<OpenedRepository> OpenAsync(BlobContainer container, CancellationToken cancellationToken) => _secrets is null
        ? throw new BackupException(
            BackupErrors.WrongSecret,
            $"The app setting '{Setting}' is not set; expected the passphrase that the repositories were made with.",
            isTransient: false,
            $"Set '{Setting}', on Azure to a Key Vault reference.")
        : _engine.OpenAsync(Repository(container), _secrets, cancellationToken);
}
