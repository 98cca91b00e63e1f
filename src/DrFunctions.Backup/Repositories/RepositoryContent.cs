using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Repositories;

/// <summary>An object of a repository, of which pieces are read.</summary>
/// <param name="repository">Where.</param>
/// <param name="key">The object.</param>
/// <param name="length">Its bytes, as it was listed.</param>
internal sealed class RepositoryContent(IRepository repository, string key, long length) : IObjectContent
{
    public string Name => NameOf(repository, key);

    public long Length => length;

    /// <summary>An object in words, for errors.</summary>
    public static string NameOf(IRepository repository, string key) => $"the object '{key}' in {repository.Description}";

    /// <summary>What is said of an object that is not there.</summary>
    public static BackupException Missing(IRepository repository, string key) => new(
        BackupErrors.DataMissing,
        $"{NameOf(repository, key)} is missing",
        isTransient: false,
        "Repair the repository from the other region's, or restore another snapshot; 'check' lists what is affected.");

    /// <summary>Reads a small object whole; null when there is none.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>: it has more than <paramref name="most"/> bytes.</exception>
    public static async Task<byte[]?> ReadWholeAsync(IRepository repository, string key, int most, CancellationToken cancellationToken)
    {
        await using var stream = await repository.OpenReadAsync(key, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        var buffer = new byte[Math.Min(most + 1, 64 * 1024)];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > most)
            {
                throw SealedObject.Damaged(NameOf(repository, key), $"it has more than {most} bytes");
            }
        }

        return content.ToArray();
    }

    public async ValueTask ReadAsync(long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (target.IsEmpty)
        {
            return;
        }

        var read = await repository.ReadAsync(key, offset, target, cancellationToken) ?? throw Missing(repository, key);
        if (read < target.Length)
        {
            throw SealedObject.Damaged(Name, $"it ends after {offset + read} bytes, before byte {offset + target.Length}");
        }
    }
}
