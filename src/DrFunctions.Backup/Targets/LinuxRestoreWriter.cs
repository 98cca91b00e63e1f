using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// A file being restored beside the place it will have. It is open only while a part is written: however many files a restore is in the middle of, few are open.
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="entry">The file.</param>
internal sealed class LinuxRestoreWriter(LinuxTarget target, SourceEntry entry) : IRestoreWriter
{
    private const int ForMe = 0x180;
    private const int ForAll = 0x1B6;

    private readonly byte[] temporary = target.NewName();
    private volatile bool created;
    private bool finished;
    private bool shown;

    public Task WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var file = Open();
            for (var rest = content.Span; !rest.IsEmpty;)
            {
                // By this thread: the system has no others for files.
                var (place, length) = Hole.Place(entry.Holes, offset);
                var part = rest[..(int)Math.Min(rest.Length, length)];
                RandomAccess.Write(file, part, place);
                offset += part.Length;
                rest = rest[part.Length..];
            }

            if (content.Length == entry.ContentLength)
            {
                Finish(file);
            }

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
            if (!finished)
            {
                using var file = Open();
                Finish(file);
            }

            target.Show(temporary, entry.Path);
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
            target.RemoveTemporary(temporary);
        }

        return ValueTask.CompletedTask;
    }

    // Nobody else may read what is not shown yet: its rights are not those that it will have.
    private SafeFileHandle Open()
    {
        SafeFileHandle? file = null;
        target.MakeTemporary(
            folder =>
            {
                file = LinuxMaking.OpenToWrite(folder, temporary, entry.Unix is null ? ForAll : ForMe);
                return !file.IsInvalid;
            },
            entry.Path);
        created = true;
        return file ?? throw new InvalidOperationException("It was opened.");
    }

    private void Finish(SafeFileHandle file)
    {
        if (entry.Holes.Count > 0 && LinuxMaking.SetLength(file, entry.Length) != 0)
        {
            throw LinuxCalls.Failure(entry.Path);
        }

        target.Rights.Apply(file, entry);
        finished = true;
    }

    private BackupException Failed(Exception error) => FolderFailure.Of(error, $"write '{entry.Path}'", target.Root);
}
