using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Manifests;

namespace DrFunctions.Backup.Sources;

/// <summary>
/// All regular files below a folder, in the order of their paths' bytes, their content and time of last write; not their owners, rights and empty folders. Links, named
/// pipes, sockets and devices are recorded as unsupported, never followed or waited for; so are names that are not UTF-8. On Linux a file that was written again is
/// recognised by its time of last change, too, which nobody can set back; what is written within one tick of the file system's clock (a few milliseconds) is not.
/// </summary>
public sealed class FolderSource : IBackupSource
{
    private readonly string root;

    /// <summary>A source.</summary>
    /// <param name="folder">Where; it must exist when it is read.</param>
    public FolderSource(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    }

    /// <inheritdoc/>
    public string Description => root;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var folders = new Stack<Queue<Listed>>([List(root, isRoot: true)]);
        while (folders.TryPeek(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!folder.TryDequeue(out var next))
            {
                folders.Pop();
            }
            else if (next.IsFolder)
            {
                folders.Push(List(next.FullName, isRoot: false));
            }
            else if ((EntryOf(next.FullName) ?? NamelessOf(next.FullName)) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <inheritdoc/>
    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(EntryOf(FolderPath.Resolve(root, path)));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        var fullName = FolderPath.Resolve(root, entry.Path);
        try
        {
            ThrowIfChanged(entry, fullName);
            return Task.FromResult<Stream>(new FolderContent(fullName, () => ThrowIfChanged(entry, fullName), error => Failed(error, entry.Path)));
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw Failed(error, entry.Path);
        }
    }

    // What is directly below a folder, in the order of what is below it all. One that is gone since its parent was listed has nothing.
    private Queue<Listed> List(string folder, bool isRoot)
    {
        try
        {
            var found = new FileSystemEnumerable<Listed>(
                folder,
                (ref FileSystemEntry entry) => new Listed(
                    entry.ToFullPath(), entry.FileName.ToString(), entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == 0),
                FolderListing.Direct)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.FileName.SequenceEqual(FolderFiles.Temporary),
            }.ToList();
            found.Sort(static (one, other) => PathOrder.Compare(one.SortedAs, other.SortedAs));
            return new Queue<Listed>(found);
        }
        catch (DirectoryNotFoundException) when (!isRoot)
        {
            return [];
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, "list the files", root);
        }
    }

    private SourceEntry? EntryOf(string fullName)
    {
        try
        {
            return FileStatus.Of(fullName) is { Kind: not FileKind.Folder } status
                ? new SourceEntry
                {
                    Path = PathOf(fullName),
                    Length = status.Length,
                    LastModified = status.LastModified,
                    Version = status.Version,
                    Unsupported = status.Kind switch
                    {
                        FileKind.File => null,
                        FileKind.SymbolicLink => "symbolic link",
                        FileKind.Pipe => "named pipe",
                        FileKind.Socket => "socket",
                        _ => "device",
                    },
                }
                : null;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"look at '{PathOf(fullName)}'", root);
        }
    }

    // A name whose bytes are no UTF-8 is listed with replacement characters, and nothing is found under that name.
    private SourceEntry? NamelessOf(string fullName) => !fullName.Contains('\uFFFD', StringComparison.Ordinal) ? null : new SourceEntry
    {
        Path = PathOf(fullName),
        Length = 0,
        LastModified = DateTimeOffset.UnixEpoch,
        Version = "",
        Unsupported = "its name is not UTF-8",
    };

    private string PathOf(string fullName) => Path.GetRelativePath(root, fullName).Replace(Path.DirectorySeparatorChar, '/');

    private void ThrowIfChanged(SourceEntry entry, string fullName)
    {
        const string Hint = "Nothing: the backup looks at it again.";
        if (FileStatus.Of(fullName) is not { } status)
        {
            throw new BackupException(BackupErrors.SourceVanished, $"'{entry.Path}' in '{root}' is gone.", isTransient: true, Hint);
        }

        if (status.Version != entry.Version)
        {
            throw new BackupException(
                BackupErrors.SourceChanged, $"'{entry.Path}' in '{root}' changed while it was read.", isTransient: true, Hint);
        }
    }

    private BackupException Failed(Exception error, string path) => error is FileNotFoundException or DirectoryNotFoundException
        ? new BackupException(BackupErrors.SourceVanished, $"'{path}' in '{root}' is gone.", isTransient: true, "Nothing: the backup looks at it again.", error)
        : FolderFailure.Of(error, $"read '{path}'", root);

    private readonly record struct Listed(string FullName, string Name, bool IsFolder)
    {
        public string SortedAs => IsFolder ? Name + '/' : Name;
    }
}
