namespace DrFunctions.Backup.Manifests;

/// <summary>
/// Goes through a parent's manifest beside a listing in the same order. A manifest that cannot be read ends where it breaks: what follows is read as if it were new. Not
/// thread-safe.
/// </summary>
/// <param name="entries">The parent's entries.</param>
internal sealed class ParentCursor(IAsyncEnumerable<ManifestEntry> entries) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ManifestEntry> all = entries.GetAsyncEnumerator();
    private bool begun;
    private bool ended;

    /// <summary>
    /// The entry of that path; null when the parent has none. Paths are asked for in their order; one that comes out of it is not found, and then read as if it were new.
    /// </summary>
    public async ValueTask<ManifestEntry?> FindAsync(string path)
    {
        if (!begun)
        {
            begun = true;
            await NextAsync();
        }

        while (!ended)
        {
            var order = PathOrder.Compare(all.Current.Source.Path, path);
            if (order >= 0)
            {
                return order == 0 ? all.Current : null;
            }

            await NextAsync();
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => all.DisposeAsync();

    private async ValueTask NextAsync()
    {
        try
        {
            ended = !await all.MoveNextAsync();
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged or BackupErrors.SnapshotDamaged)
        {
            ended = true;
        }
    }
}
