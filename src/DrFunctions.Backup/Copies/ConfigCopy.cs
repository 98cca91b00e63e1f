using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Copies;

/// <summary>Copies what makes a repository one: its slots and its config.</summary>
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
            await CopySlotsAsync(cancellationToken);
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
        await CopySlotsAsync(cancellationToken);
        await CompareSlotsAsync(cancellationToken);
        return differing.Count == 0 ? [] : differing.ToArray();
    }

    // Slots are never replaced, and nobody without their secrets can tell a right one from a damaged one.
    private async Task CopySlotsAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await KeysAsync(from.Objects, cancellationToken))
        {
            await to.TryCreateAsync(key, await ReadAsync(from.Objects, key, cancellationToken), cancellationToken);
        }
    }

    // Nor are they removed: whoever destroyed the origin's must not have the copy's destroyed as well.
    private async Task CompareSlotsAsync(CancellationToken cancellationToken)
    {
        foreach (var key in (await KeysAsync(to, cancellationToken)).Order(StringComparer.Ordinal))
        {
            var here = await RepositoryContent.ReadWholeAsync(from.Objects, key, RepositoryKey.MaximumObjectLength, cancellationToken);
            var there = await ReadAsync(to, key, cancellationToken);
            if (here is null || !here.AsSpan().SequenceEqual(there))
            {
                differing.Add(key[(key.LastIndexOf('/') + 1)..]);
            }
        }
    }

    private static async Task<List<string>> KeysAsync(IRepository objects, CancellationToken cancellationToken) =>
        await objects.ListAsync(KeySlots.Prefix, cancellationToken).Select(item => item.Key).ToListAsync(cancellationToken);

    private static async Task<byte[]> ReadAsync(IRepository objects, string key, CancellationToken cancellationToken) =>
        await RepositoryContent.ReadWholeAsync(objects, key, RepositoryKey.MaximumObjectLength, cancellationToken) ?? throw RepositoryContent.Missing(objects, key);
}
