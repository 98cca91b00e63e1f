using DrFunctions.Backup;
using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Restores;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;
using DrFunctions.Cloud.Blobs;

namespace DrFunctions.Benchmarks.Engine;

/// <summary>One step in a process of its own: <c>init</c>, <c>backup FOLDER ID KIND</c>, <c>check</c>, <c>restore FOLDER ID</c>; the account comes by the environment.</summary>
internal static class EngineStep
{
    public const string Connection = "ENGINE_STEP_CONNECTION";
    public const string Container = "engine";

    public static async Task RunAsync(string[] args)
    {
        var connections = new BlobConnections(Environment.GetEnvironmentVariable, new BlobClientSettings { NetworkTimeout = TimeSpan.FromSeconds(60) });
        var objects = new BlobRepository(connections.Container(Connection, Container));
        var secret = new PassphraseWrapper("benchmark");
        if (args is ["init"])
        {
            var wrappers = new Dictionary<string, IKeyWrapper> { ["one"] = secret, ["two"] = new PassphraseWrapper("other") };
            (await OpenedRepository.CreateAsync(
                objects, wrappers, ChunkingParameters.Default, RepositoryConfig.DefaultPackLength, TimeProvider.System.GetUtcNow(), default)).Dispose();
            return;
        }

        using var repository = await OpenedRepository.OpenAsync(objects, secret, default);
        var meter = new ProgressMeter(null, TimeProvider.System);
        switch (args)
        {
            case ["backup", var folder, var id, var kind]:
                var request = new SnapshotRequest(id, "w", "p") { Kind = Enum.Parse<SnapshotKind>(kind) };
                await new BackupJob(repository, new FolderSource(folder), request, new BackupEngineOptions(), TimeProvider.System, meter).RunAsync(default);
                break;
            case ["check"]:
                var check = await new CheckJob(repository, new RepositoryCheckOptions(), meter).RunAsync(default);
                if (!check.IsClean)
                {
                    throw new InvalidOperationException(check.Problems[0].Message);
                }

                break;
            case ["restore", var folder, var id]:
                await new RestoreJob(repository, id, new FolderTarget(folder), new RestoreOptions(), new BackupEngineOptions(), meter).RunAsync(default);
                break;
            default:
                throw new ArgumentException($"'{string.Join(' ', args)}' is no step", nameof(args));
        }
    }
}
