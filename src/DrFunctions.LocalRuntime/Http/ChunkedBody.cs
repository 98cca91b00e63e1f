using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>
/// The body of a chunked request. The server throws whatever its parser meets at a chunk's size that overflows or a trailer that is no
/// text; here it is what it is, a bad request.
/// </summary>
internal sealed class ChunkedBody(Stream body) : Stream
{
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
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is not (BadHttpRequestException or ConnectionResetException)
            and (IOException or InvalidOperationException))
        {
            throw new BadHttpRequestException($"The body's chunks cannot be read: {exception.Message}", exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The server allows no synchronous reads, and says so.
    public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
