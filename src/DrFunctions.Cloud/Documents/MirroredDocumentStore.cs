using System.Security.Cryptography;
using System.Text;
using DrFunctions.Recovery.Documents;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Cloud.Documents;

/// <summary>
/// Documents in the control region, some of them also in a mirror in another region before they count. The control copy decides
/// every compare-and-swap and is the only one that is read. Thread-safe, also between processes.
/// </summary>
/// <remarks>
/// <para>
/// A write of a mirrored key marks, then writes control, then brings the mirror up to date, then removes the mark. The mark's
/// key is <c>unmirrored/{key}/{version}</c>, the version being the one that the write replaces: it says that the successor of
/// that version may be missing in the mirror. A process that dies anywhere leaves the mark, and <see cref="CatchUpAsync"/>
/// finds it. A mark is settled, by whoever comes first, once the control copy no longer has that version and the mirror holds
/// what the control copy had then: no write conditional on that version can succeed any more, and every later write has a mark
/// of its own. While the control copy still has the version, the write may be under way and the mark stays.
/// </para>
/// <para>
/// A series (<see cref="MirroredKeys.SeriesOf"/>: a run's journal) has one mark for all its documents, <c>unmirrored/{series}/new</c>, because a
/// run waits for every write. It is there before the first of them and stays until the last one is in control, after which no other can
/// be created, and the mirror holds all: that is <see cref="CatchUpAsync"/>'s to find out, by comparing which of them each copy has. A process
/// that has seen the mark need not ask for it again: it only goes when nothing of the series is left to be written.
/// </para>
/// <para>
/// A late write never overwrites a newer one in the mirror: the mirror is read before control is read or written and replaced by
/// If-Match, so that it only ever moves from a version of the control copy to the same or a later one.
/// </para>
/// <para>
/// A mirror that does not answer stops nothing: the mark stays, the write counts, and for <see cref="MirrorPause"/> further
/// writes leave their marks without asking the mirror, so that its time limit is not paid again and again in a failover.
/// Mirrored documents are never deleted: a version that came back would make a settled mark wrong.
/// </para>
/// </remarks>
public sealed partial class MirroredDocumentStore : IDocumentStore
{
    /// <summary>Where marks live in the control copy. Keys below are never mirrored.</summary>
    public const string MarkPrefix = "unmirrored/";

    /// <summary>A document that other writers change this many times while it is copied is left to the next catch-up.</summary>
    private const int MaximumCopyAttempts = 16;

    private static readonly ReadOnlyMemory<byte> s_mark = """{"schema":1}"""u8.ToArray();

    private readonly IDocumentStore _control;
    private readonly IDocumentStore _mirror;
    private readonly Func<string, bool> _isMirrored;
    private readonly TimeProvider _time;
    private readonly ILogger<MirroredDocumentStore> _log;
    private readonly Func<CancellationToken, Task>? _requireControl;

    /// <summary>When the mirror last failed, as a timestamp of the time provider; 0 when it last worked.</summary>
    private long _failedAt;

    /// <summary>Joins two stores.</summary>
    /// <param name="control">Decides and is read.</param>
    /// <param name="mirror">In another region; with short time limits, since a write waits for it.</param>
    /// <param name="isMirrored">Which keys are mirrored; the same in every process, always.</param>
    /// <param name="time">Measures the pause.</param>
    /// <param name="log">Told when the mirror fails and when it is back.</param>
    /// <param name="requireControl">
    /// Throws when the app whose control account the mirror is has taken over: what is in the mirror is then newer, and must not be
    /// replaced. Null where no other app writes to the mirror.
    /// </param>
    public MirroredDocumentStore(
        IDocumentStore control,
        IDocumentStore mirror,
        Func<string, bool> isMirrored,
        TimeProvider time,
        ILogger<MirroredDocumentStore> log,
        Func<CancellationToken, Task>? requireControl = null)
    {
        _control = control;
        _mirror = mirror;
        _isMirrored = key => !key.StartsWith(MarkPrefix, StringComparison.Ordinal) && isMirrored(key);
        _time = time;
        _log = log;
        _requireControl = requireControl;
    }

    /// <summary>Both copies, for whoever compares them.</summary>
    public DocumentReplicas Replicas => new([new("control", _control), new("mirror", _mirror)]);

    /// <summary>How long writes leave a failed mirror alone.</summary>
    public static TimeSpan MirrorPause { get; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken) => _control.ReadAsync(key, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// An existing document is mirrored before false is returned, so that a caller that repeats itself after a crash and accepts
    /// its own document does not go on with a document that only one region has.
    /// </remarks>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(key, null, content, () => _control.TryCreateAsync(key, content, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        WriteAsync(key, etag, content, () => _control.TryReplaceAsync(key, content, etag, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The key is mirrored.</exception>
    public Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken) =>
        _isMirrored(DocumentKey.Validate(key))
            ? throw new NotSupportedException($"'{key}' is mirrored; mirrored documents are never deleted.")
            : _control.TryDeleteAsync(key, etag, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
        _control.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DocumentVersion> ListVersionsAsync(string prefix, CancellationToken cancellationToken) =>
        _control.ListVersionsAsync(prefix, cancellationToken);

    /// <summary>
    /// Copies to the mirror what writes could not and removes their marks. Ends early when the mirror does not answer. For the
    /// minute tick; idempotent, may run twice at once and beside writers.
    /// </summary>
    /// <returns>
    /// How many marks tell of more than the mirror is known to hold: writes under way, and all that it still misses. 0 means that it misses
    /// nothing. The mark of a series that goes on stays, and counts when the mirror misses some of it.
    /// </returns>
    /// <exception cref="DocumentStoreException">The control copy did not answer.</exception>
    public async Task<int> CatchUpAsync(CancellationToken cancellationToken)
    {
        var remaining = 0;
        var answers = true;
        await foreach (var mark in _control.ListAsync(MarkPrefix, cancellationToken))
        {
            var end = mark.LastIndexOf('/');
            if (end <= MarkPrefix.Length)
            {
                LogStrangeMark(mark);
                remaining++;
                continue;
            }

            var key = mark[MarkPrefix.Length..end];
            var settled = false;
            if (answers)
            {
                settled = MirroredKeys.IsSeries(key)
                    ? await CatchUpSeriesAsync(key, mark, cancellationToken)
                    : await CopyAsync(key, cancellationToken) is { } copied
                        && mark != MarkOf(key, copied.Version)
                        && await RemoveAsync(mark, cancellationToken);
                answers = !IsPaused;
            }

            remaining += settled ? 0 : 1;
        }

        return remaining;
    }

    private bool IsPaused => Volatile.Read(ref _failedAt) is not 0 and var at && _time.GetElapsedTime(at) < MirrorPause;

    private async Task<bool> WriteAsync(
        string key, string? version, ReadOnlyMemory<byte> content, Func<Task<bool>> write, CancellationToken cancellationToken)
    {
        if (!_isMirrored(DocumentKey.Validate(key)))
        {
            return await write();
        }

        if (version is null && MirroredKeys.SeriesOf(key) is { } series)
        {
            return await AppendAsync(key, series, content, write, cancellationToken);
        }

        // Whether it was there before does not matter: another writer of the same version marks the same.
        var mark = MarkOf(key, version);
        var before = version is null ? null : await LookIntoMirrorAsync(key, cancellationToken);
        await _control.TryCreateAsync(mark, s_mark, cancellationToken);
        var written = await write();
        if (IsPaused)
        {
            return written;
        }

        // Control has decided on the version, so that the mark is settled as soon as the mirror holds what control got, or has now.
        if ((written && await FollowAsync(key, version, before, content, cancellationToken))
            || (!IsPaused && await CopyAsync(key, cancellationToken) is not null))
        {
            await RemoveAsync(mark, cancellationToken);
        }

        return written;
    }

    /// <summary>What the mirror holds before control is written; null when it holds nothing, or is not asked.</summary>
    private async Task<Document?> LookIntoMirrorAsync(string key, CancellationToken cancellationToken)
    {
        if (IsPaused)
        {
            return null;
        }

        try
        {
            return await _mirror.ReadAsync(key, cancellationToken);
        }
        catch (DocumentStoreException e)
        {
            Failed(e, key);
            return null;
        }
    }

    /// <summary>
    /// Writes what control has just got over what the mirror held before that; false when the mirror has moved on, or does not answer.
    /// What never changes is not there before: where it is, the copies are compared.
    /// </summary>
    private async Task<bool> FollowAsync(
        string key, string? version, Document? before, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (version is not null && (before is null || MirroredKeys.NeverChanges(key)))
        {
            return false;
        }

        try
        {
            var isThere = before is null
                ? await _mirror.TryCreateAsync(key, content, cancellationToken)
                : await ReplaceThereAsync(key, content, before.ETag, cancellationToken);
            Worked();
            return isThere;
        }
        catch (DocumentStoreException e)
        {
            Failed(e, key);
            return false;
        }
    }

    /// <summary>Brings the mirror up to date; null when that is not certain, else the version that control had.</summary>
    private async Task<Copied?> CopyAsync(string key, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaximumCopyAttempts; attempt++)
        {
            Document? there;
            try
            {
                there = await _mirror.ReadAsync(key, cancellationToken);
            }
            catch (DocumentStoreException e)
            {
                return Failed(e, key);
            }

            var here = await _control.ReadAsync(key, cancellationToken);
            if (here is not null && there is not null && MirroredKeys.NeverChanges(key) && !there.Content.Span.SequenceEqual(here.Content.Span))
            {
                LogDiverged(key);
                return null;
            }

            try
            {
                if (here is null
                    || (there is not null && there.Content.Span.SequenceEqual(here.Content.Span))
                    || (there is null
                        ? await _mirror.TryCreateAsync(key, here.Content, cancellationToken)
                        : await ReplaceThereAsync(key, here.Content, there.ETag, cancellationToken)))
                {
                    Worked();
                    return new Copied(here?.ETag);
                }
            }
            catch (DocumentStoreException e)
            {
                return Failed(e, key);
            }
        }

        LogContended(key, MaximumCopyAttempts);
        return null;
    }

    // In this order: whatever another app wrote there before its term was read, the ETag is of.
    private async Task<bool> ReplaceThereAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        await (_requireControl?.Invoke(cancellationToken) ?? Task.CompletedTask);
        return await _mirror.TryReplaceAsync(key, content, etag, cancellationToken);
    }

    /// <summary>Removes a settled mark; false when control did not do it, which harms nothing: catch-up finds the mark.</summary>
    private async Task<bool> RemoveAsync(string mark, CancellationToken cancellationToken)
    {
        try
        {
            // Whoever wrote it: a write that is conditional on the same version cannot succeed any more.
            return await _control.TryDeleteAsync(mark, etag: null, cancellationToken);
        }
        catch (DocumentStoreException e)
        {
            LogMarkStays(mark, e);
            return false;
        }
    }

    private Copied? Failed(DocumentStoreException exception, string key)
    {
        // A timestamp may be 0 by chance, which means that the mirror works.
        if (Interlocked.Exchange(ref _failedAt, Math.Max(1, _time.GetTimestamp())) == 0)
        {
            LogMirrorFailed(key, exception);
        }

        return null;
    }

    private void Worked()
    {
        if (Interlocked.Exchange(ref _failedAt, 0) != 0)
        {
            LogMirrorBack();
        }
    }

    /// <summary>ETags may hold any character, so the mark has their hash.</summary>
    private static string MarkOf(string key, string? version) =>
        $"{MarkPrefix}{key}/{(version is null ? "new" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)).AsSpan(0, 8)))}";

    /// <param name="Version">The ETag that control had when it was read; null when there was no document.</param>
    private sealed record Copied(string? Version);
}
