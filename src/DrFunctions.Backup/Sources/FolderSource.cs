using System.Runtime.CompilerServices;
using DrFunctions.Backup.Folders;

namespace DrFunctions.Backup.Sources;

/// <summary>
/// A folder and all below it, in the order of the paths' bytes. On Linux whole: files with their holes, folders, links (never followed), pipes and devices, with owners, rights,
/// times and extended attributes, whatever their names; elsewhere files and folders with their times. Sockets are recorded as skipped, and so is what may not be read. A file
/// that was written again is recognised by its time of last change, too, which nobody can set back; what is written within one tick of the file system's clock (a few
/// milliseconds) is not. Memory: 60 bytes for each name of a folder and of those above it.
/// </summary>
public sealed class FolderSource : IBackupSource
{
    private const string LookAgain = "Nothing: the backup looks at it again.";

    private readonly string root;
    private readonly IFolderTree tree;

    /// <summary>A source.</summary>
    /// <param name="folder">Where; it must exist when it is read.</param>
    /// <param name="options">What of it; default everything.</param>
    public FolderSource(string folder, FolderSourceOptions? options = null)
        : this(folder, options, isLinux: LinuxCalls.Exist)
    {
    }

    /// <summary>The same, as another machine would read it.</summary>
    internal FolderSource(string folder, FolderSourceOptions? options, bool isLinux)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        tree = isLinux ? new LinuxTree(root, options?.OneFileSystem ?? false, options?.Exclude) : new PortableTree(root, options?.Exclude);
    }

    /// <inheritdoc/>
    public string Description => root;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        using var entries = tree.List().GetEnumerator();
        while (MoveNext(entries))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entries.Current;
        }
    }

    /// <inheritdoc/>
    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        cancellationToken.ThrowIfCancellationRequested();
        if (path != "/")
        {
            FolderPath.ThrowIfUnsafe(root, path.EndsWith('/') ? path[..^1] : path);
        }

        try
        {
            return Task.FromResult(tree.Find(path));
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw Failed(error, "look at", path);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        FolderPath.ThrowIfUnsafe(root, entry.Path);
        try
        {
            if (tree.Open(entry, () => throw Changed(entry), error => Failed(error, "read", entry.Path)) is { } content)
            {
                return content;
            }
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw Failed(error, "read", entry.Path);
        }

        throw await FindAsync(entry.Path, cancellationToken) is null ? Vanished(entry.Path) : Changed(entry);
    }

    private bool MoveNext(IEnumerator<SourceEntry> entries)
    {
        try
        {
            return entries.MoveNext();
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, "list the files", root);
        }
    }

    private BackupException Vanished(string path, Exception? cause = null) =>
        new(BackupErrors.SourceVanished, $"'{path}' in '{root}' is gone.", isTransient: true, LookAgain, cause);

    private BackupException Changed(SourceEntry entry) =>
        new(BackupErrors.SourceChanged, $"'{entry.Path}' in '{root}' changed while it was read.", isTransient: true, LookAgain);

    private BackupException Failed(Exception error, string action, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => Vanished(path, error),
        _ when FolderFailure.IsOfOneEntry(error) => new BackupException(
            BackupErrors.SourceRefused,
            $"Could not {action} '{path}' in '{root}': {error.Message.TrimEnd('.')}.",
            isTransient: false,
            "Check the rights of whoever takes the backup, and the disk.",
            error),
        _ => FolderFailure.Of(error, $"{action} '{path}'", root),
    };
}
