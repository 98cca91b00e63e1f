using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>From a plan's containers to the engine's ports.</summary>
public sealed class StoreLocations(BlobConnections connections)
{
    public IBackupSource Source(BlobContainer container) => new BlobContainerSource(connections.Container(container));

    public IRestoreTarget Target(BlobContainer container) => new BlobContainerTarget(connections.Container(container));

    public IRepository Repository(BlobContainer container) => new BlobRepository(connections.Container(container));
}
