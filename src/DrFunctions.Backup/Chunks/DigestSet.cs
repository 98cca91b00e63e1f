namespace DrFunctions.Backup.Chunks;

/// <summary>
/// Digests that need not be looked at again in one operation. Forgets none and takes no more than 250,000 (about 20 MB): beyond that, work
/// is repeated rather than memory taken. Thread-safe.
/// </summary>
internal sealed class DigestSet
{
    private const int Most = 250_000;
    private readonly HashSet<Sha256Digest> digests = [];
    private readonly Lock sync = new();

    public bool Contains(Sha256Digest digest)
    {
        lock (sync)
        {
            return digests.Contains(digest);
        }
    }

    public void Add(Sha256Digest digest)
    {
        lock (sync)
        {
            if (digests.Count < Most)
            {
                digests.Add(digest);
            }
        }
    }
}
