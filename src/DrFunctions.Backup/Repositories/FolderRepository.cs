using System.Globalization;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Folders;

namespace DrFunctions.Backup.Repositories;

/// <summary>
/// A repository in a folder, which is created by the first write. An object is written beside, flushed to the disk, then renamed; a lock
/// file makes create-only, and removal of what was listed, hold among processes; who is killed holds it no more. Which of the objects under a key one is, its time of last write says, which each write sets,
/// and its length: that needs a file system that keeps times finer than two writes follow each other, as ext4, xfs, NTFS and APFS do.
/// </summary>
public sealed class FolderRepository : IRepository
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);
    private readonly string root;
    private readonly TimeProvider time;

    /// <summary>A repository.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="time">Waits for the lock; default the system's clock.</param>
    public FolderRepository(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        this.time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Description => root;

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(key, content, overwrite: false, cancellationToken);

    /// <inheritdoc/>
    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(key, content, overwrite: true, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(key), new FileStreamOptions
            {
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            }));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"read '{key}'", root);
        }
    }

    /// <inheritdoc/>
    public async Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfNoPiece(offset, target.Length);
        await using var file = await OpenReadAsync(key, cancellationToken);
        if (file is not FileStream opened)
        {
            return null;
        }

        try
        {
            opened.Position = offset;
            return await opened.ReadAtLeastAsync(target, target.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"read '{key}'", root);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;

        // What has another folder need not be looked at.
        var folder = new DirectoryInfo(Path.Combine(root, prefix[..(prefix.LastIndexOf('/') + 1)].Replace('/', Path.DirectorySeparatorChar)));
        if (!folder.Exists)
        {
            yield break;
        }

        foreach (var file in folder.EnumerateFiles("*", FolderListing.Everything))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (key[0] != '.' && key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new RepositoryObject(key, file.Length, file.LastWriteTimeUtc) { Version = VersionOf(file) };
            }
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(key);
        try
        {
            var exists = File.Exists(path);
            if (exists)
            {
                File.Delete(path);
            }

            return Task.FromResult(exists);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"delete '{key}'", root);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(PathOf(key));
        try
        {
            if (!file.Exists)
            {
                return false;
            }

            await using var held = await LockAsync(cancellationToken);
            file.Refresh();
            if (!file.Exists || VersionOf(file) != version)
            {
                return false;
            }

            file.Delete();
            return true;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"delete '{key}'", root);
        }
    }

    private static string VersionOf(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}-{file.Length}");

    private string PathOf(string key)
    {
        RepositoryKey.ThrowIfInvalid(key);
        return Path.Combine(root, key.Replace('/', Path.DirectorySeparatorChar));
    }

    private async Task<bool> PutAsync(string key, ReadOnlyMemory<byte> content, bool overwrite, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfTooLarge(key, content.Length);
        var path = PathOf(key);
        try
        {
            if (!overwrite && File.Exists(path))
            {
                return false;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? root);
            await using var file = FolderFiles.Create(root, content.Length);
            try
            {
                await file.WriteAsync(content, cancellationToken);
                RandomAccess.FlushToDisk(file.SafeFileHandle);
                return await ShowAsync(file.Name, path, overwrite, cancellationToken);
            }
            finally
            {
                FolderFiles.Remove(file.Name);
            }
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"write '{key}'", root);
        }
    }

    private async Task<bool> ShowAsync(string from, string to, bool overwrite, CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(cancellationToken);
        var before = new FileInfo(to);
        if (!overwrite && before.Exists)
        {
            return false;
        }

        // The system's time of last write is too coarse to tell two writes that follow each other.
        var now = TimeProvider.System.GetUtcNow().UtcTicks;
        File.SetLastWriteTimeUtc(from, new DateTime(before.Exists ? Math.Max(now, before.LastWriteTimeUtc.Ticks + 1) : now, DateTimeKind.Utc));
        File.Move(from, to, overwrite: true);
        return true;
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(root, ".lock");
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(started) < LockPatience)
            {
                await Task.Delay(LockPause, time, cancellationToken);
            }
        }
    }
}
