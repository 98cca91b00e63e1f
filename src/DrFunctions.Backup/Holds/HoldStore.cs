using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Holds;

/// <summary>
/// The legal holds of a repository: <c>holds/snapshots/{id}</c> and <c>holds/workloads/{SHA-256 of its name}</c>, sealed objects without records. One that cannot be read holds all the same: its key says
/// what. A hold counts for prunes that begin after it; against whoever has the storage's keys only the storage's own immutability helps.
/// </summary>
/// <param name="repository">Where.</param>
internal sealed class HoldStore(OpenedRepository repository)
{
    private const string Snapshots = "holds/snapshots/";
    private const string Workloads = "holds/workloads/";
    private const string Format = "drfunctions-hold";
    private const int LongestText = 1000;
    private const int LongestObject = 64 * 1024;

    /// <summary>Puts a hold on a snapshot or on a workload; one that is there already is replaced.</summary>
    /// <exception cref="ArgumentException">It names neither or both, or nobody, or no reason.</exception>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.SnapshotNotFound"/>: then there is no hold.</exception>
    public async Task CreateAsync(LegalHold hold, CancellationToken cancellationToken)
    {
        var key = KeyOf(hold.Snapshot, hold.Workload);
        foreach (var (name, value) in new[] { ("by", hold.By), ("reason", hold.Reason), ("workload", hold.Workload ?? "-") })
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > LongestText)
            {
                throw new ArgumentException($"{name} has {value.Length} characters; expected 1 to {LongestText}, not only spaces", nameof(hold));
            }
        }

        var directory = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["format"] = Format,
            ["version"] = 2,
            ["snapshot"] = hold.Snapshot,
            ["workload"] = hold.Workload,
            ["by"] = hold.By,
            ["reason"] = hold.Reason,
            ["at"] = hold.At.ToUniversalTime(),
        });
        using var writer = new SealedWriter(repository.Keys, SealedKind.Hold, checked((int)SealedFormat.LengthOf(0, 0, directory.Length)));
        await repository.Objects.ReplaceAsync(key, writer.Close(directory), cancellationToken);

        // A prune that began before may have removed it since: whoever asked for the hold must know.
        if (hold.Snapshot is { } id && await new SnapshotStore(repository).FindAsync(id, cancellationToken) is null)
        {
            await RemoveAsync(hold.Snapshot, null, cancellationToken);
            throw SnapshotStore.NotFound(repository.Objects, id);
        }
    }

    /// <summary>Refuses snapshots that a hold is on. One that cannot be read may be of any workload, and so of one that is held.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotHeld"/>.</exception>
    public async Task ThrowIfHeldAsync(IReadOnlySet<string> snapshots, CancellationToken cancellationToken)
    {
        if (snapshots.Count == 0)
        {
            return;
        }

        var holds = await ListAsync(cancellationToken);
        foreach (var id in snapshots)
        {
            Snapshot? readable;
            try
            {
                readable = (await new SnapshotStore(repository).FindAsync(id, cancellationToken))?.Snapshot;
            }
            catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
            {
                readable = null;
            }

            if ((readable is null ? holds.OnUnreadable(id) : holds.On(readable)) is { } hold)
            {
                throw new BackupException(
                    BackupErrors.SnapshotHeld,
                    $"The snapshot '{id}' in {repository.Objects.Description} cannot be given up: {hold}.",
                    isTransient: false,
                    "dr backup hold list shows the holds; whoever may take them off does so first.");
            }
        }
    }

    /// <summary>Takes a hold off; false when there was none.</summary>
    /// <exception cref="ArgumentException">Neither is given, or both.</exception>
    public Task<bool> RemoveAsync(string? snapshot, string? workload, CancellationToken cancellationToken) =>
        repository.Objects.DeleteAsync(KeyOf(snapshot, workload), cancellationToken);

    /// <summary>All holds.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public async Task<HoldList> ListAsync(CancellationToken cancellationToken)
    {
        var holds = new Dictionary<string, LegalHold?>(StringComparer.Ordinal);
        foreach (var prefix in new[] { Snapshots, Workloads })
        {
            await foreach (var item in repository.Objects.ListAsync(prefix, cancellationToken))
            {
                holds[item.Key] = await ReadAsync(item.Key, cancellationToken);
            }
        }

        return new HoldList(holds);
    }

    /// <summary>The key of the hold on a snapshot or on a workload.</summary>
    /// <exception cref="ArgumentException">Neither is given, or both.</exception>
    internal static string KeyOf(string? snapshot, string? workload)
    {
        if ((snapshot is null) == (workload is null))
        {
            throw new ArgumentException("a hold is on a snapshot or on a workload; expected one of them");
        }

        if (snapshot is null)
        {
            return Workloads + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(workload!))); // One of them is given.
        }

        SnapshotId.ThrowIfInvalid(snapshot);
        return Snapshots + snapshot;
    }

    /// <summary>Whether a key is of a hold on a workload.</summary>
    internal static bool IsOfWorkload(string key) => key.StartsWith(Workloads, StringComparison.Ordinal);

    private async Task<LegalHold?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            if (await RepositoryContent.ReadWholeAsync(repository.Objects, key, LongestObject, cancellationToken) is not { } content)
            {
                return null;
            }

            var name = RepositoryContent.NameOf(repository.Objects, key);
            var opened = await SealedObject.OpenAsync(repository.Keys, SealedKind.Hold, new MemoryContent(name, content), cancellationToken);
            using var document = JsonDocument.Parse(opened.Directory);
            var json = document.RootElement;
            return new LegalHold(
                json.GetProperty("snapshot").GetString(),
                json.GetProperty("workload").GetString(),
                json.GetProperty("by").GetString() ?? "",
                json.GetProperty("reason").GetString() ?? "",
                json.GetProperty("at").GetDateTimeOffset());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            || error is BackupException { Code: BackupErrors.DataDamaged or BackupErrors.FormatTooNew })
        {
            return null;
        }
    }
}
