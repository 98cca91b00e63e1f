using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Targets;

namespace DrFunctions.Backup.Sources;

/// <summary>Files in memory, to back up and to restore to; for tests and trials. Listed in the order of their paths' bytes.</summary>
/// <param name="time">The clock of <see cref="SourceEntry.LastModified"/>; default the system's.</param>
public sealed class MemoryFiles(TimeProvider? time = null) : IBackupSource, ITreeTarget
{
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, File> files = new(StringComparer.Ordinal);
    private long version;

    /// <inheritdoc cref="IBackupSource.Description"/>
    public string Description => "memory";

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [];

    /// <summary>The paths, in the order of their bytes.</summary>
    public IReadOnlyList<string> Paths => [.. files.Keys.Order(Comparer<string>.Create(static (one, other) => PathOrder.Compare(one, other)))];

    /// <summary>A file's content; null when there is none.</summary>
    public byte[]? Read(string path) => files.TryGetValue(path, out var file) ? file.Content : null;

    /// <summary>Writes a file.</summary>
    public void Write(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Put(new SourceEntry { Path = path, Length = content.Length, LastModified = time.GetUtcNow(), Version = "" }, content);
    }

    /// <summary>Removes a file.</summary>
    public void Remove(string path) => files.TryRemove(path, out _);

    /// <inheritdoc/>
    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult(files.TryGetValue(path, out var file) ? file.Entry : null);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        const string Hint = "Nothing: the backup looks at it again.";
        if (!files.TryGetValue(entry.Path, out var file))
        {
            throw new BackupException(BackupErrors.SourceVanished, $"'{entry.Path}' in memory is gone.", isTransient: true, Hint);
        }

        return file.Entry.Version == entry.Version
            ? Task.FromResult<Stream>(new MemoryStream(WithoutHoles(file), writable: false))
            : throw new BackupException(BackupErrors.SourceChanged, $"'{entry.Path}' in memory changed.", isTransient: true, Hint);
    }

    /// <inheritdoc/>
    public void Validate(string path) => ArgumentException.ThrowIfNullOrEmpty(path);

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(Read(path) is { } content ? new MemoryStream(content, writable: false) : null);

    /// <inheritdoc/>
    public Task<IRestoreWriter> BeginAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Task.FromResult<IRestoreWriter>(new Writer(this, entry));
    }

    /// <inheritdoc/>
    public Task MakeAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Put(entry, []);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LinkAsync(SourceEntry entry, string existing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Put(entry, Read(existing) ?? throw new BackupException(BackupErrors.StorageRefused, $"'{existing}' in memory is not there.", isTransient: false, "Restore it, too."));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task FinishAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Put(entry, Read(entry.Path) ?? []);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Remove(path);
        return Task.CompletedTask;
    }

    async IAsyncEnumerable<SourceEntry> IBackupSource.ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var path in Paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.TryGetValue(path, out var file))
            {
                yield return file.Entry;
            }
        }
    }

    async IAsyncEnumerable<TargetEntry> IRestoreTarget.ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in ((IBackupSource)this).ListAsync(cancellationToken))
        {
            yield return new TargetEntry(entry.Path, entry.Length);
        }
    }

    private static byte[] WithoutHoles(File file)
    {
        var content = new byte[file.Entry.ContentLength];
        for (var offset = 0L; offset < content.Length;)
        {
            var (place, length) = Hole.Place(file.Entry.Holes, offset);
            var part = file.Content.AsSpan((int)place, (int)Math.Min(length, content.Length - offset));
            part.CopyTo(content.AsSpan((int)offset));
            offset += part.Length;
        }

        return content;
    }

    private void Put(SourceEntry entry, byte[] content)
    {
        var changed = Interlocked.Increment(ref version).ToString(CultureInfo.InvariantCulture);
        files[entry.Path] = new File(entry with { Version = changed }, content);
    }

    private sealed record File(SourceEntry Entry, byte[] Content);

    private sealed class Writer(MemoryFiles owner, SourceEntry entry) : IRestoreWriter
    {
        private readonly byte[] content = new byte[entry.Length];

        public Task WriteAsync(long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
        {
            for (var rest = part; !rest.IsEmpty;)
            {
                var (place, length) = Hole.Place(entry.Holes, offset);
                var now = rest[..(int)Math.Min(rest.Length, length)];
                now.CopyTo(content.AsMemory((int)place));
                offset += now.Length;
                rest = rest[now.Length..];
            }

            return Task.CompletedTask;
        }

        public Task CommitAsync(CancellationToken cancellationToken)
        {
            owner.Put(entry, content);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
