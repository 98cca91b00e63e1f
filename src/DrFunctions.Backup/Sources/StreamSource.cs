using DrFunctions.Backup.Folders;

namespace DrFunctions.Backup.Sources;

/// <summary>
/// A stream, such as standard input, as one file whose length nobody knows before its end. It is read once: a backup that failed is begun again with a new stream. A stream that
/// breaks, or whose end is not what its writer meant, fails the backup: no snapshot has a part of it.
/// </summary>
public sealed class StreamSource : IBackupSource
{
    private readonly string name;
    private readonly Stream content;
    private readonly Func<CancellationToken, Task> complete;
    private readonly TimeProvider time;
    private int opened;

    /// <summary>A source.</summary>
    /// <param name="name">The file's path in the snapshot, such as <c>dumps/shop.sql</c>.</param>
    /// <param name="content">The stream; the caller's to dispose.</param>
    /// <param name="complete">
    /// Called at its end, before anything is visible: waits for who writes it, and throws <see cref="BackupException"/> when that failed. Default: the end is the end.
    /// </param>
    /// <param name="time">The file's time is when it is listed, by this clock; default the system's.</param>
    /// <exception cref="ArgumentException">No folder could hold the name.</exception>
    public StreamSource(string name, Stream content, Func<CancellationToken, Task>? complete = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (FolderPath.WhyNot(name) is { } reason)
        {
            throw new ArgumentException($"The name '{name}' {reason}; expected a path such as 'dumps/shop.sql'.", nameof(name));
        }

        (this.name, this.content, this.complete, this.time) = (name, content, complete ?? (static _ => Task.CompletedTask), time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public string Description => $"stream {name}";

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceEntry> ListAsync(CancellationToken cancellationToken) => new[]
    {
        new SourceEntry { Path = name, Length = SourceEntry.NoLength, LastModified = time.GetUtcNow(), Version = "" },
    }.ToAsyncEnumerable();

    /// <inheritdoc/>
    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult<SourceEntry?>(null);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken) => Interlocked.Exchange(ref opened, 1) == 0
        ? Task.FromResult<Stream>(new StreamContent(content, complete, Broken))
        : throw new BackupException(BackupErrors.StorageRefused, $"The {Description} was read already.", isTransient: false, "Begin again, with a new stream.");

    private BackupException Broken(Exception error) => new(
        BackupErrors.StorageUnavailable,
        $"The {Description} broke: {error.Message.TrimEnd('.')}.",
        isTransient: false,
        "See why who writes it stopped, and begin again: nothing of it is in a snapshot.",
        error);
}
