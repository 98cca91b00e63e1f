using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Repositories;

/// <summary>Repositories with small chunks and packs, so that little data is many of them.</summary>
internal static class Opened
{
    public const int PackLength = 16 * 1024;

    public static ChunkingParameters Chunking { get; } = new(256, 1024, 4096);

    public static async Task<OpenedRepository> CreateAsync(IRepository objects, ChunkingParameters? chunking = null, int packLength = PackLength) =>
        await OpenedRepository.CreateAsync(
            objects,
            new Dictionary<string, IKeyWrapper> { ["ann"] = Wrapper, ["paper"] = new RecoveryKeyWrapper(new byte[RecoveryKey.Length]) },
            chunking ?? Chunking,
            packLength,
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            CancellationToken.None);

    /// <summary>The same repository through another way to its objects.</summary>
    public static Task<OpenedRepository> OpenAsync(IRepository objects) => OpenedRepository.OpenAsync(objects, Wrapper, CancellationToken.None);

    /// <summary>A copy of all objects.</summary>
    public static async Task<MemoryRepository> CloneAsync(IRepository objects)
    {
        var copy = new MemoryRepository();
        foreach (var item in await Transfers.Backups.ObjectsAsync(objects))
        {
            await copy.ReplaceAsync(item.Key, await Transfers.Backups.ReadAsync(objects, item.Key), CancellationToken.None);
        }

        return copy;
    }

    private static PassphraseWrapper Wrapper { get; } = new("open", iterations: 10);
}
