using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Folders;

/// <summary>
/// A file's content that is checked, at its end, to be the version that was opened. Reads are done by the thread that asks: the system has no others for files, and handing each
/// to another thread of the pool costs more than a short file takes.
/// </summary>
internal sealed class FolderContent : Stream
{
    private readonly SafeFileHandle file;
    private readonly Action throwIfChanged;
    private readonly Func<Exception, Exception> fail;
    private long position;

    public FolderContent(string path, Action throwIfChanged, Func<Exception, Exception> fail)
    {
        (this.throwIfChanged, this.fail) = (throwIfChanged, fail);
        file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.SequentialScan);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var read = RandomAccess.Read(file, buffer.Span, position);
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
