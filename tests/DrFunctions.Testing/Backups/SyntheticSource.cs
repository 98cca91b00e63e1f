using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Testing.Backups;

/// <summary>Files of any size and number that exist only while they are read.</summary>
/// <param name="files">How many.</param>
/// <param name="length">Bytes of each.</param>
public sealed class SyntheticSource(int files, long length) : IBackupSource
{
    /// <inheritdoc/>
    public string Description => "synthetic";

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var file = 0; file < files; file++)
        {
            yield return Entry(file);
        }
    }

    /// <inheritdoc/>
    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult<SourceEntry?>(null);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Task.FromResult<Stream>(new Content(entry.Length, int.Parse(entry.Version, CultureInfo.InvariantCulture)));
    }

    private SourceEntry Entry(int file) => new()
    {
        Path = string.Create(CultureInfo.InvariantCulture, $"folder-{file / 1000:D6}/file-{file:D9}"),
        Length = length,
        LastModified = DateTimeOffset.UnixEpoch,
        Version = file.ToString(CultureInfo.InvariantCulture),
    };

    private sealed class Content(long length, int file) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => position;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var read = (int)Math.Min(buffer.Length, length - position);
            buffer[..read].Clear();
            if (read >= sizeof(long))
            {
                // Enough for every chunk to be another one.
                BinaryPrimitives.WriteInt64LittleEndian(buffer, position + ((long)file << 32));
            }

            position += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
