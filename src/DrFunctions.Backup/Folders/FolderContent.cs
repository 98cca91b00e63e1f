using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Folders;

/// <summary>
/// A file's content without its holes, checked at its end to be the version that was opened. Reads are done by the thread that asks: the system has no others for files, and
/// handing each to another thread of the pool costs more than a short file takes.
/// </summary>
/// <param name="file">The file; closed with this.</param>
/// <param name="holes">What is passed over, sorted.</param>
/// <param name="throwIfChanged">Called at the end.</param>
/// <param name="fail">Says in the engine's words what the file system throws.</param>
internal sealed class FolderContent(SafeFileHandle file, IReadOnlyList<Hole> holes, Action throwIfChanged, Func<Exception, Exception> fail) : Stream
{
    private long position;
    private int passed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a file by its name, where no more is known of it.</summary>
    public static SafeFileHandle Open(string path) => File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.SequentialScan);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            while (passed < holes.Count && position == holes[passed].Offset)
            {
                position = holes[passed++].End;
            }

            var most = passed < holes.Count ? Math.Min(buffer.Length, holes[passed].Offset - position) : buffer.Length;
            var read = RandomAccess.Read(file, buffer.Span[..(int)most], position);
            position += read;
            if (read == 0 && buffer.Length > 0)
            {
                throwIfChanged();
            }

            return ValueTask.FromResult(read);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            throw fail(error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
