using System.Runtime.CompilerServices;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// Restores into a folder, which is created by the first write. A file is written beside and renamed, with its time of last write; a
/// path that would leave the folder, by its text or through a link, is refused.
/// </summary>
public sealed class FolderTarget : IRestoreTarget
{
    private readonly string root;
    private readonly TargetFolder folder;

    /// <summary>A target.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="time">Tells how old the leftovers of a killed restore are; default the system's clock.</param>
    public FolderTarget(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        this.folder = new TargetFolder(root);
        FolderFiles.RemoveLeftovers(root, (time ?? TimeProvider.System).GetUtcNow());
    }

    /// <inheritdoc/>
    public string Description => root;

    /// <inheritdoc/>
    public void Validate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        folder.Judge(path);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TargetEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root))
        {
            yield break;
        }

        await foreach (var entry in new FolderSource(root).ListAsync(cancellationToken))
        {
            if (entry.Kind != EntryKind.Folder)
            {
                yield return new TargetEntry(entry.Path, entry.Length);
            }
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken)
    {
        Validate(path);
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(FolderPath.Resolve(root, path));
        try
        {
            return Task.FromResult<Stream?>(file.Exists && file.LinkTarget is null
                ? new FolderContent(FolderContent.Open(file.FullName), [], () => { }, error => FolderFailure.Of(error, $"read '{path}'", root))
                : null);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"read '{path}'", root);
        }
    }

    /// <inheritdoc/>
    public Task<IRestoreWriter> BeginAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Validate(entry.Path);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IRestoreWriter>(new FolderRestoreWriter(folder, entry));
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Validate(path);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            File.Delete(FolderPath.Resolve(root, path));
            return Task.CompletedTask;
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"delete '{path}'", root);
        }
    }

    /// <inheritdoc/>
    public Task EndAsync(CancellationToken cancellationToken)
    {
        folder.RemoveTemporaries();
        return Task.CompletedTask;
    }
}
