using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Folders;

namespace DrFunctions.Backup.Sources;

/// <summary>
/// All regular files below a folder, their content and time of last write; not their owners, rights and empty folders. Links are recorded
/// as unsupported, never followed; so are names that are not UTF-8. A file that is written again within the file system's clock tick (a few milliseconds), to the same
/// length, is not recognised as changed.
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
        using var files = Open();
        while (Next(files))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((EntryOf(files.Current) ?? NamelessOf(files.Current)) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <inheritdoc/>
    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(EntryOf(new FileInfo(FolderPath.Resolve(root, path))));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(FolderPath.Resolve(root, entry.Path));
        try
        {
            ThrowIfChanged(entry, file);
            return Task.FromResult<Stream>(new FolderContent(file.FullName, () => ThrowIfChanged(entry, file), error => Failed(error, entry.Path)));
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw Failed(error, entry.Path);
        }
    }

    private FileSystemEnumerator<FileInfo> Open()
    {
        try
        {
            return new Walker(root);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, "list the files", root);
        }
    }

    private bool Next(FileSystemEnumerator<FileInfo> files)
    {
        try
        {
            return files.MoveNext();
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, "list the files", root);
        }
    }

    private SourceEntry? EntryOf(FileInfo file)
    {
        try
        {
            var isLink = file.LinkTarget is not null;
            if (!file.Exists && !isLink)
            {
                return null;
            }

            return new SourceEntry
            {
                Path = PathOf(file),
                Length = isLink ? 0 : file.Length,
                LastModified = file.LastWriteTimeUtc,
                Version = VersionOf(file, isLink),
                Unsupported = isLink ? "symbolic link"
                    : (file.Attributes & FileAttributes.Device) != 0 ? "device, pipe or socket"
                    : null,
            };
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // A name whose bytes are no UTF-8 is listed with replacement characters, and nothing is found under that name.
    private SourceEntry? NamelessOf(FileInfo file) => !file.FullName.Contains('\uFFFD', StringComparison.Ordinal) ? null : new SourceEntry
    {
        Path = PathOf(file),
        Length = 0,
        LastModified = DateTimeOffset.UnixEpoch,
        Version = "",
        Unsupported = "its name is not UTF-8",
    };

    private string PathOf(FileInfo file) => Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');

    private static string VersionOf(FileInfo file, bool isLink) =>
        isLink ? "link" : string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}-{file.Length}");

    private void ThrowIfChanged(SourceEntry entry, FileInfo file)
    {
        const string Hint = "Nothing: the backup looks at it again.";
        file.Refresh();
        if (!file.Exists)
        {
            throw new BackupException(BackupErrors.SourceVanished, $"'{entry.Path}' in '{root}' is gone.", isTransient: true, Hint);
        }

        if (VersionOf(file, file.LinkTarget is not null) != entry.Version)
        {
            throw new BackupException(
                BackupErrors.SourceChanged, $"'{entry.Path}' in '{root}' changed while it was read.", isTransient: true, Hint);
        }
    }

    private BackupException Failed(Exception error, string path) => error is FileNotFoundException or DirectoryNotFoundException
        ? new BackupException(BackupErrors.SourceVanished, $"'{path}' in '{root}' is gone.", isTransient: true, "Nothing: the backup looks at it again.", error)
        : FolderFailure.Of(error, $"read '{path}'", root);

    private sealed class Walker(string root) : FileSystemEnumerator<FileInfo>(root, FolderListing.Everything)
    {
        protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) =>
            !entry.IsDirectory || (entry.Attributes & FileAttributes.ReparsePoint) != 0;

        protected override bool ShouldRecurseIntoEntry(ref FileSystemEntry entry) =>
            (entry.Attributes & FileAttributes.ReparsePoint) == 0 && !entry.FileName.SequenceEqual(FolderFiles.Temporary);

        protected override FileInfo TransformEntry(ref FileSystemEntry entry) => new(entry.ToFullPath());
    }
}
