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
        if ((hold.Snapshot is null) == (hold.Workload is null))
        {
            throw new ArgumentException("a hold names a snapshot or a workload; expected one of them", nameof(hold));
        }

        foreach (var (name, value) in new[] { ("by", hold.By), ("reason", hold.Reason), ("workload", hold.Workload ?? "-") })
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > LongestText)
            {
                throw new ArgumentException($"{name} has {value.Length} characters; expected 1 to {LongestText}, not only spaces", nameof(hold));
            }
        }

        var directory = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["format"] = Format, ["version"] = 2, ["snapshot"] = hold.Snapshot, ["workload"] = hold.Workload, ["by"] = hold.By, ["reason"] = hold.Reason, ["at"] = hold.At.ToUniversalTime(),
        });
        using var writer = new SealedWriter(repository.Keys, SealedKind.Hold, checked((int)SealedFormat.LengthOf(0, 0, directory.Length)));
        await repository.Objects.ReplaceAsync(KeyOf(hold.Snapshot, hold.Workload), writer.Close(directory), cancellationToken);

        // A prune that began before may have removed it since: whoever asked for the hold must know.
        if (hold.Snapshot is { } id && await new SnapshotStore(repository).FindAsync(id, cancellationToken) is null)
        {
            await RemoveAsync(hold.Snapshot, null, cancellationToken);
            throw SnapshotStore.NotFound(repository.Objects, id);
        }
    }

    /// <summary>Takes a hold off; false when there was none.</summary>
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

        return new HoldList(holds, KeyOf);
    }

    private static string KeyOf(string? snapshot, string? workload) =>
        snapshot is not null ? Snapshots + Valid(snapshot) : Workloads + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(workload ?? "")));

    private static string Valid(string snapshot)
    {
        SnapshotId.ThrowIfInvalid(snapshot);
        return snapshot;
    }

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

/// <summary>The holds of a repository.</summary>
/// <param name="holds">By key; null where one cannot be read.</param>
/// <param name="keyOf">The key of a snapshot's or a workload's.</param>
internal sealed class HoldList(IReadOnlyDictionary<string, LegalHold?> holds, Func<string?, string?, string> keyOf)
{
    /// <summary>Those that can be read.</summary>
    public IEnumerable<LegalHold> All => holds.Values.OfType<LegalHold>();

    /// <summary>The hold on a snapshot in words; null when there is none.</summary>
    public string? On(Snapshot snapshot)
    {
        foreach (var key in new[] { keyOf(snapshot.Id, null), keyOf(null, snapshot.Workload) })
        {
            if (holds.TryGetValue(key, out var hold))
            {
                return hold?.ToString() ?? $"a legal hold that cannot be read, '{key}'";
            }
        }

        return null;
    }
}
