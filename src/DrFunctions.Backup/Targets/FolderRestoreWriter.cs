using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Targets;

/// <summary>A file being restored beside the place it will have.</summary>
/// <param name="root">The target's folder.</param>
/// <param name="entry">The file.</param>
/// <param name="ended">Called when nothing of it is left beside its place.</param>
internal sealed class FolderRestoreWriter(string root, SourceEntry entry, Action ended) : IRestoreWriter
{
    private readonly FileStream file = FolderFiles.Create(root, entry.Length);
    private bool shown;
    private bool disposed;

    public Task WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            RandomAccess.Write(file.SafeFileHandle, content.Span, offset); // By this thread: the system has no others for files.
            return Task.CompletedTask;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"write '{entry.Path}'", root);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var path = FolderPath.Resolve(root, entry.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? root);
            FolderPath.ThrowIfLinked(root, entry.Path);
            File.SetLastWriteTimeUtc(file.SafeFileHandle, entry.LastModified.UtcDateTime);
            File.Move(file.Name, path, overwrite: true);
            shown = true;
            return Task.CompletedTask;
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw FolderFailure.Of(error, $"write '{entry.Path}'", root);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await file.DisposeAsync();
        if (!shown)
        {
            FolderFiles.RemoveFile(file.Name);
        }

        ended();
    }
}
