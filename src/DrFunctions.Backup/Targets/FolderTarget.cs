using System.Runtime.CompilerServices;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// Restores into a folder, which is created by the first write. A file is written beside and renamed, with its time of last write; a
/// path that would leave the folder, by its text or through a link, is refused. On Linux all that a <see cref="FolderSource"/> lists is restored: what this user may not do, such
/// as giving files to others, is noted once and keeps nothing else from it.
/// </summary>
public sealed class FolderTarget : ITreeTarget
{
    private readonly string root;
    private readonly TargetFolder folder;
    private readonly LinuxTarget? linux;
    private readonly TimeProvider time;
    private int isCleaned;

    /// <summary>A target.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="time">Tells how old the leftovers of a killed restore are; default the system's clock.</param>
    public FolderTarget(string folder, TimeProvider? time = null)
        : this(folder, time, isLinux: LinuxCalls.Exist)
    {
    }

    /// <summary>The same, as another machine would write it.</summary>
    internal FolderTarget(string folder, TimeProvider? time, bool isLinux)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        this.folder = new TargetFolder(root);
        linux = isLinux ? new LinuxTarget(root) : null;
        this.time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Description => root;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => linux?.Notes.All ?? [];

    /// <inheritdoc/>
    public void Validate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        folder.Judge(path);
    }

    /// <inheritdoc/>
    public Task MakeAsync(SourceEntry entry, CancellationToken cancellationToken) => DoAsync(entry, "make", () =>
    {
        if (linux is not null)
        {
            linux.Make(entry);
        }
        else if (entry.Kind == EntryKind.Folder)
        {
            Directory.CreateDirectory(entry.Path == "/" ? root : folder.Prepare(entry.Path.TrimEnd('/')));
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task LinkAsync(SourceEntry entry, string existing, CancellationToken cancellationToken) =>
        DoAsync(entry, "link", () => (linux ?? throw new NotSupportedException("Files have one name here.")).Link(entry.Path, existing), cancellationToken);

    /// <inheritdoc/>
    public Task FinishAsync(SourceEntry entry, CancellationToken cancellationToken) => DoAsync(entry, "finish", () => linux?.Finish(entry), cancellationToken);

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
        if (linux is not null)
        {
            try
            {
                return Task.FromResult(linux.OpenRead(path));
            }
            catch (Exception error) when (FolderFailure.Is(error))
            {
                throw FolderFailure.Of(error, $"read '{path}'", root);
            }
        }

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
        RemoveLeftovers();
        return Task.FromResult<IRestoreWriter>(linux is null ? new FolderRestoreWriter(folder, entry) : new LinuxRestoreWriter(linux, entry));
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Validate(path);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (linux is not null)
            {
                linux.Delete(path);
            }
            else
            {
                File.Delete(FolderPath.Resolve(root, path));
            }

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
        linux?.Close();
        folder.RemoveTemporaries();
        return Task.CompletedTask;
    }

    // Not before something is written: who only looks changes nothing.
    private void RemoveLeftovers()
    {
        if (Interlocked.Exchange(ref isCleaned, 1) == 0)
        {
            FolderFiles.RemoveLeftovers(root, time.GetUtcNow());
        }
    }

    private Task DoAsync(SourceEntry entry, string action, Action act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Path != "/")
        {
            Validate(entry.Path.TrimEnd('/'));
        }

        cancellationToken.ThrowIfCancellationRequested();
        RemoveLeftovers();
        try
        {
            act();
            return Task.CompletedTask;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"{action} '{entry.Path}'", root);
        }
    }
}
