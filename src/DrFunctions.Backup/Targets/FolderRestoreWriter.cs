using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// A file being restored beside the place it will have. It is open only while a part is written: however many files a restore is in the middle of, few are open.
/// </summary>
/// <param name="folder">The target's folder.</param>
/// <param name="entry">The file.</param>
internal sealed class FolderRestoreWriter(TargetFolder folder, SourceEntry entry) : IRestoreWriter
{
    private readonly string temporary = folder.NewTemporary();
    private readonly Lock sync = new();
    private bool created;
    private bool shown;

    public Task WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var file = Open(alone: content.Length == entry.Length);
            RandomAccess.Write(file, content.Span, offset); // By this thread: the system has no others for files.
            return Task.CompletedTask;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw Failed(error);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!created)
            {
                Open(alone: true).Dispose();
            }

            // Its time as late as can be: what has an old one looks like a killed restore's.
            var path = folder.Prepare(entry.Path);
            File.SetLastWriteTimeUtc(temporary, entry.LastModified.UtcDateTime);
            File.Move(temporary, path, overwrite: true);
            shown = true;
            return Task.CompletedTask;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw Failed(error);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (created && !shown)
        {
            FolderFiles.RemoveFile(temporary);
        }

        return ValueTask.CompletedTask;
    }

    // Whoever comes first creates it: parts of one file are written by several at once.
    private SafeFileHandle Open(bool alone)
    {
        var share = alone ? FileShare.None : FileShare.ReadWrite | FileShare.Delete;
        lock (sync)
        {
            if (created)
            {
                return File.OpenHandle(temporary, FileMode.Open, FileAccess.Write, share);
            }

            var file = folder.Create(temporary, share);
            created = true;
            return file;
        }
    }

    private BackupException Failed(Exception error) => FolderFailure.Of(error, $"write '{entry.Path}'", folder.Root);
}
