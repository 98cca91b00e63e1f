using System.Buffers;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Chunks;

/// <summary>
/// Content-addressed objects of a repository: <c>data/{first two digits}/{sha256}</c>. Whoever writes the same content at once writes the
/// same object. One per operation and repository; thread-safe.
/// </summary>
internal sealed class ChunkStore(IRepository repository)
{
    /// <summary>Files are cut into chunks of this many bytes; the last one is shorter.</summary>
    public const int ChunkSize = 4 * 1024 * 1024;

    private readonly DigestSet known = new();

    // What the last object was is the best guess for the next: it saves sending what is there, and asking for what is not.
    private volatile bool expectPresent;

    private enum Found
    {
        Missing,
        Same,
        Different,
    }

    public static string KeyOf(Sha256Digest digest)
    {
        var hex = digest.ToString();
        return $"data/{hex[..2]}/{hex}";
    }

    /// <summary>
    /// Makes sure that the object is there with exactly this content: writes it, or reads the one that is there and compares, or writes it
    /// over one that is damaged. True when it was written.
    /// </summary>
    public async Task<bool> EnsureAsync(Sha256Digest digest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (known.Contains(digest))
        {
            return false;
        }

        var written = await WriteAsync(KeyOf(digest), content, cancellationToken);
        known.Add(digest);
        return written;
    }

    /// <summary>Reads an object and authenticates it.</summary>
    /// <param name="digest">Which.</param>
    /// <param name="destination">Exactly as long as the object must be.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataMissing"/> or <see cref="BackupErrors.DataDamaged"/>.</exception>
    public async Task ReadAsync(Sha256Digest digest, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var key = KeyOf(digest);
        await using var stream = await repository.OpenReadAsync(key, cancellationToken) ?? throw new BackupException(
            BackupErrors.DataMissing, $"the object '{key}' is not in {repository.Description}", isTransient: false, Hint);
        var read = await stream.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < destination.Length)
        {
            throw Damaged(key, $"it ends after {read} of {destination.Length} bytes");
        }

        if (await stream.ReadAsync(new byte[1], cancellationToken) != 0)
        {
            throw Damaged(key, $"it is longer than {destination.Length} bytes");
        }

        var actual = Sha256Digest.Of(destination.Span);
        if (actual != digest)
        {
            throw Damaged(key, $"its SHA-256 is {actual}");
        }
    }

    private const string Hint = "Copy the snapshot again from the other region's repository, or restore another one; 'check' lists what is affected.";

    private BackupException Damaged(string key, string found) => new(
        BackupErrors.DataDamaged, $"the object '{key}' in {repository.Description} is damaged: {found}", isTransient: false, Hint);

    private async Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!expectPresent && await repository.TryCreateAsync(key, content, cancellationToken))
        {
            return true;
        }

        var found = await CompareAsync(key, content, cancellationToken);
        expectPresent = found != Found.Missing;
        if (found == Found.Same)
        {
            return false;
        }

        if (found == Found.Different || !await repository.TryCreateAsync(key, content, cancellationToken))
        {
            // Whoever else writes this key writes these bytes.
            await repository.ReplaceAsync(key, content, cancellationToken);
        }

        return true;
    }

    private async Task<Found> CompareAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var stream = await repository.OpenReadAsync(key, cancellationToken);
        if (stream is null)
        {
            return Found.Missing;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var rest = content;
            while (true)
            {
                var read = await stream.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    return rest.IsEmpty ? Found.Same : Found.Different;
                }

                if (read > rest.Length || !buffer.AsSpan(0, read).SequenceEqual(rest.Span[..read]))
                {
                    return Found.Different;
                }

                rest = rest[read..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
