namespace DrFunctions.Backup.Sources;

/// <summary>A stream that is asked, at its end, whether that was meant to be it. It does not dispose the stream.</summary>
/// <param name="content">The stream.</param>
/// <param name="complete">Called once at the end; throws when it is none.</param>
/// <param name="broken">Says in the engine's words what the stream throws.</param>
internal sealed class StreamContent(Stream content, Func<CancellationToken, Task> complete, Func<Exception, Exception> broken) : Stream
{
    private bool ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            throw broken(error);
        }

        if (read == 0 && buffer.Length > 0 && !ended)
        {
            ended = true;
            await complete(cancellationToken);
        }

        return read;
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
}
