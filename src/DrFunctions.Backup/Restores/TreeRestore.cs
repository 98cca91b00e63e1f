using System.Collections.Concurrent;
using System.Security.Cryptography;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Restores;

/// <summary>
/// What of a snapshot is no content: folders, links, pipes and devices, and further names of a file. They are made when all files are there; folders get their rights and times
/// last, from below, so that nothing that is made in them changes those again.
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="restore">What is called before an entry is shown.</param>
/// <param name="meter">Counts.</param>
/// <remarks>Memory: some 300 bytes for each folder, link, pipe and device, and for each name of a file that has several.</remarks>
internal sealed class TreeRestore(IRestoreTarget target, RestoreOptions restore, ProgressMeter meter)
{
    private readonly ITreeTarget? tree = target as ITreeTarget;
    private readonly List<SourceEntry> folders = [];
    private readonly List<SourceEntry> others = [];
    private readonly List<(SourceEntry Entry, string Existing)> links = [];
    private readonly Dictionary<string, (string Path, Sha256Digest Content)> firsts = new(StringComparer.Ordinal);
    private readonly HashSet<string> linked = new(StringComparer.Ordinal);
    private readonly SortedDictionary<EntryKind, long> leftOut = [];

    /// <summary>Why entries cannot be restored, each named.</summary>
    public ConcurrentQueue<BackupException> Failures { get; } = [];

    /// <summary>Links, pipes and devices that were made.</summary>
    public long Made { get; private set; }

    /// <summary>Links, pipes and devices that were taken, and further names of files.</summary>
    public long Others => others.Count + links.Count;

    /// <summary>What could not be restored as it was.</summary>
    public IReadOnlyList<string> Notes =>
    [
        .. leftOut.Select(kind => $"{kind.Value} of the kind {kind.Key} are left out: {target.Description} has files only"),
        .. tree?.Notes ?? [],
    ];

    /// <summary>Takes an entry, when it is no file of its own. All entries are offered once, in their order.</summary>
    /// <returns>False when its content is to be restored.</returns>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>.</exception>
    public bool TryTake(ManifestEntry entry)
    {
        var source = entry.Source;
        if (source.Path != "/" || source.Kind != EntryKind.Folder)
        {
            target.Validate(source.Kind == EntryKind.Folder ? source.Path[..^1] : source.Path);
        }

        if (IsSparseElsewhere(source))
        {
            Failures.Enqueue(new BackupException(
                BackupErrors.StorageRefused,
                $"'{source.Path}': it has holes, {source.Length - source.ContentLength} bytes of {source.Length}, which {target.Description} cannot have",
                isTransient: false,
                "Restore it to a folder."));
            return true;
        }

        if (source.Kind == EntryKind.File)
        {
            return tree is not null && source.Unix?.HardLink is { } id && IsLink(entry, id);
        }

        meter.Expect(1, 0);
        if (tree is null)
        {
            leftOut[source.Kind] = leftOut.GetValueOrDefault(source.Kind) + 1;
            meter.Done(1, 0);
        }
        else
        {
            (source.Kind == EntryKind.Folder ? folders : others).Add(source);
        }

        return true;
    }

    /// <summary>Whether an entry was taken; false when its content is to be restored.</summary>
    public bool HasTaken(SourceEntry entry) =>
        entry.Kind != EntryKind.File || IsSparseElsewhere(entry) || (tree is not null && entry.Unix?.HardLink is not null && linked.Contains(entry.Path));

    /// <summary>Makes all that was taken, when all files are there.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (tree is null)
        {
            return;
        }

        foreach (var folder in folders)
        {
            await DoAsync(folder, () => tree.MakeAsync(folder, cancellationToken), cancellationToken);
        }

        foreach (var (entry, existing) in links)
        {
            Made += await DoAsync(entry, () => tree.LinkAsync(entry, existing, cancellationToken), cancellationToken) ? 1 : 0;
            meter.Done(1, 0);
        }

        foreach (var entry in others)
        {
            Made += await DoAsync(entry, () => tree.MakeAsync(entry, cancellationToken), cancellationToken) ? 1 : 0;
            meter.Done(1, 0);
        }
    }

    /// <summary>Gives the folders what they had, when nothing more is made or removed in them.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        // Only a target that has folders was given any.
        foreach (var folder in folders.AsEnumerable().Reverse())
        {
            await DoAsync(folder, () => tree?.FinishAsync(folder, cancellationToken) ?? Task.CompletedTask, cancellationToken);
            meter.Done(1, 0);
        }
    }

    // A terabyte of zeros is not what anybody wants to pay for, and without them it would be another file.
    private bool IsSparseElsewhere(SourceEntry entry) => tree is null && entry is { Kind: EntryKind.File, Holes.Count: > 0 };

    // Only what has the same content is the same file, whatever a manifest says.
    private bool IsLink(ManifestEntry entry, string id)
    {
        var content = Digest(entry);
        if (!firsts.TryGetValue(id, out var first))
        {
            firsts[id] = (entry.Source.Path, content);
            return false;
        }

        if (first.Content != content)
        {
            return false;
        }

        links.Add((entry.Source, first.Path));
        linked.Add(entry.Source.Path);
        meter.Expect(1, 0);
        return true;
    }

    private static Sha256Digest Digest(ManifestEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> id = stackalloc byte[ChunkId.Length];
        hash.AppendData(BitConverter.GetBytes(entry.Source.Length));
        foreach (var hole in entry.Source.Holes)
        {
            hash.AppendData(BitConverter.GetBytes(hole.Offset));
            hash.AppendData(BitConverter.GetBytes(hole.Length));
        }

        foreach (var chunk in entry.Chunks)
        {
            chunk.Id.Write(id);
            hash.AppendData(id);
        }

        return Sha256Digest.From(hash.GetHashAndReset());
    }

    // One that cannot be made does not keep the others from it.
    private async Task<bool> DoAsync(SourceEntry entry, Func<Task> act, CancellationToken cancellationToken)
    {
        await restore.BeforeCommit(cancellationToken);
        try
        {
            await act();
            return true;
        }
        catch (BackupException error) when (error.Code is BackupErrors.StorageRefused or BackupErrors.UnsafePath)
        {
            Failures.Enqueue(new BackupException(error.Code, $"'{entry.Path}': {error.Message}", error.IsTransient, error.Hint, error));
            return false;
        }
    }
}
