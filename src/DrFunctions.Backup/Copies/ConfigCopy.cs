using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Copies;

/// <summary>Copies what makes a repository one, its slots and its config, and the legal holds, so that no prune of the copy removes what is held.</summary>
internal sealed class ConfigCopy(OpenedRepository from, IRepository to)
{
    private readonly List<string> differing = [];

    /// <summary>Copies them.</summary>
    /// <returns>The names of slots that are not the origin's.</returns>
    /// <exception cref="BackupException"><see cref="BackupErrors.RepositoryExists"/>: another repository is there; or the storage's.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        // The slots before the config, as in a new repository.
        var config = await ReadAsync(from.Objects, RepositoryConfig.Key, cancellationToken);
        var there = await RepositoryContent.ReadWholeAsync(to, RepositoryConfig.Key, RepositoryKey.MaximumObjectLength, cancellationToken);
        if (there is null)
        {
            await CopyAsync(KeySlots.Prefix, cancellationToken);
            there = await to.TryCreateAsync(RepositoryConfig.Key, config, cancellationToken) ? config : await ReadAsync(to, RepositoryConfig.Key, cancellationToken);
        }

        if (!there.AsSpan().SequenceEqual(config))
        {
            throw new BackupException(
                BackupErrors.RepositoryExists,
                $"{to.Description} holds another repository than {from.Objects.Description}; nothing in it was changed.",
                isTransient: false,
                "Name an empty container, or the one that holds a copy of this repository.");
        }

        // A slot that was added in the origin opens the copy, too.
        await CopyAsync(KeySlots.Prefix, cancellationToken);
        await CompareSlotsAsync(cancellationToken);
        await CopyAsync(HoldStore.Prefix, cancellationToken);
        return differing.Count == 0 ? [] : differing.ToArray();
    }

    // Slots are never replaced, and nobody without their secrets can tell a right one from a damaged one; of holds, the copy's own says more.
    private async Task CopyAsync(string prefix, CancellationToken cancellationToken)
    {
        var there = await KeysAsync(to, prefix, cancellationToken);
        foreach (var key in (await KeysAsync(from.Objects, prefix, cancellationToken)).Except(there))
        {
            // One that is gone since it was listed was taken off.
            if (await RepositoryContent.ReadWholeAsync(from.Objects, key, RepositoryKey.MaximumObjectLength, cancellationToken) is { } content)
            {
                await to.TryCreateAsync(key, content, cancellationToken);
            }
        }
    }

    // Nor are they removed: whoever destroyed the origin's must not have the copy's destroyed as well.
    private async Task CompareSlotsAsync(CancellationToken cancellationToken)
    {
        foreach (var key in (await KeysAsync(to, KeySlots.Prefix, cancellationToken)).Order(StringComparer.Ordinal))
        {
            var here = await RepositoryContent.ReadWholeAsync(from.Objects, key, RepositoryKey.MaximumObjectLength, cancellationToken);
            var there = await ReadAsync(to, key, cancellationToken);
            if (here is null || !here.AsSpan().SequenceEqual(there))
            {
                differing.Add(key[(key.LastIndexOf('/') + 1)..]);
            }
        }
    }

    private static async Task<List<string>> KeysAsync(IRepository objects, string prefix, CancellationToken cancellationToken) =>
        await objects.ListAsync(prefix, cancellationToken).Select(item => item.Key).ToListAsync(cancellationToken);

    private static async Task<byte[]> ReadAsync(IRepository objects, string key, CancellationToken cancellationToken) =>
        await RepositoryContent.ReadWholeAsync(objects, key, RepositoryKey.MaximumObjectLength, cancellationToken) ?? throw RepositoryContent.Missing(objects, key);
}
