using DrFunctions.Backup.Backups;
using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Restores;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Transfers;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Backup.Tests.Backups;

/// <summary>Backups, restores and checks as the tests run them.</summary>
internal static class Jobs
{
    private static readonly BackupEngineOptions Options = new() { Parallelism = 4 };

    /// <summary>Empty, small, equal and longer files, in folders; some of it compressible.</summary>
    public static MemoryFiles SomeFiles()
    {
        var files = new MemoryFiles();
        files.Write("empty", []);
        files.Write("small/one", [1, 2, 3]);
        files.Write("small/two", [1, 2, 3]);
        files.Write("small/ä ö/%20?#.bin", Bytes.Of(1000, seed: 1));
        files.Write("text", [.. Enumerable.Range(0, 20_000).Select(number => (byte)(number / 100))]);
        files.Write("long", Bytes.Of(40_000, seed: 3));
        return files;
    }

    public static async Task<Snapshot> BackupAsync(
        IRepository objects,
        IBackupSource source,
        string id = "files-1",
        SnapshotKind kind = SnapshotKind.Full,
        bool verify = false,
        IProgress<BackupProgress>? progress = null,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        using var repository = await Opened.OpenAsync(objects);
        var request = new SnapshotRequest(id, "shop", "files") { Kind = kind, VerifyUnchanged = verify };
        var meter = new ProgressMeter(progress, TimeProvider.System);
        var snapshot = await new BackupJob(repository, source, request, Options, time ?? TimeProvider.System, meter).RunAsync(cancellationToken);
        meter.End();
        return snapshot;
    }

    public static async Task<RestoreResult> RestoreAsync(
        IRepository objects,
        IRestoreTarget target,
        string id = "files-1",
        RestoreOptions? options = null,
        Predicate<string>? include = null,
        IProgress<BackupProgress>? progress = null)
    {
        using var repository = await Opened.OpenAsync(objects);
        var meter = new ProgressMeter(progress, TimeProvider.System);
        var result = await new RestoreJob(repository, id, target, (options ?? new RestoreOptions()) with { Include = include }, Options, meter).RunAsync(CancellationToken.None);
        meter.End();
        return result;
    }

    public static async Task<RepositoryCheckResult> CheckAsync(IRepository objects, RepositoryCheckOptions? options = null)
    {
        using var repository = await Opened.OpenAsync(objects);
        return await new CheckJob(repository, options ?? new RepositoryCheckOptions(), new ProgressMeter(null, TimeProvider.System)).RunAsync(CancellationToken.None);
    }

    public static async Task AssertRestoresAsync(IRepository objects, string id, MemoryFiles expected)
    {
        var target = new MemoryFiles();
        var result = await RestoreAsync(objects, target, id);
        Transfers.Backups.AssertSame(expected, target);
        Assert.Equal(expected.Paths.Count, result.FilesWritten);
    }

    public static async Task AssertCleanAsync(IRepository objects)
    {
        var check = await CheckAsync(objects);
        Assert.Empty(check.Problems);
        Assert.Equal(check.Packs, check.PacksRead);
    }
}
