using DrFunctions.Backup.Folders;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Sources;

/// <summary>
/// A folder of Linux. It is walked by open folders, so that a folder that somebody makes a link of meanwhile leads nowhere; a file that is opened is the one that was listed, or
/// it is not read. Names are bytes and paths of any length.
/// </summary>
/// <param name="root">Where; absolute.</param>
/// <param name="oneFileSystem">Whether folders of other file systems are shown without what is in them.</param>
/// <param name="exclude">Which paths are not shown, nor what is below them; null for none.</param>
internal sealed class LinuxTree(string root, bool oneFileSystem, Predicate<string>? exclude = null) : IFolderTree
{
    // Folders that are open at once; those above are opened again.
    private const int MostOpen = 64;

    private readonly byte[] root = PathText.BytesOf(root == "/" ? "" : root);

    public IEnumerable<SourceEntry> List()
    {
        var top = LinuxFolder.OpenRoot([.. root, (byte)'/']);
        var fileSystem = top.FileSystem;
        var open = new Stack<LinuxFolder>([top]);
        try
        {
            while (open.TryPeek(out var folder))
            {
                if (folder.Next() is not { } name)
                {
                    open.Pop().Dispose();
                }
                else if (name is [0])
                {
                    yield return EntryOf(folder.Handle, name, folder.Status, "/", folder.FullPath);
                }
                else if (folder.Look(name) is { } status)
                {
                    var path = folder.Path + PathText.Of(name.AsSpan()[..^1]);
                    if (exclude?.Invoke(path) == true)
                    {
                        continue;
                    }

                    if (status.Kind != EntryKind.Folder)
                    {
                        yield return EntryOf(folder.Handle, name, status, path, [.. folder.FullPath, .. name.AsSpan()[..^1]]);
                    }
                    else if (LinuxFolder.Open(folder, name, status, path + '/', isEmpty: oneFileSystem && status.FileSystem != fileSystem) is { } below)
                    {
                        yield return EntryOf(folder.Handle, name, status, below.Path, below.FullPath) with { Unsupported = below.WhyNot };
                        if (open.Count >= MostOpen)
                        {
                            folder.Close();
                        }

                        open.Push(below);
                    }
                }
            }
        }
        finally
        {
            foreach (var folder in open)
            {
                folder.Dispose();
            }
        }
    }

    public SourceEntry? Find(string path)
    {
        var isFolder = path.EndsWith('/');
        var full = FullPathOf(path);
        if (LinuxName.Of(full) is not { } name)
        {
            return null;
        }

        using (name)
        {
            return !LinuxCalls.TryLook(name.Folder, name.Rest, out var status)
                ? LinuxName.IsGone ? null : throw LinuxCalls.Failure(path)
                : (status.Kind == EntryKind.Folder) == isFolder ? EntryOf(name.Folder, name.Rest, status, path, full) : null;
        }
    }

    public FolderContent? Open(SourceEntry entry, Action throwChanged, Func<Exception, Exception> fail)
    {
        if (LinuxName.Of(FullPathOf(entry.Path)) is not { } name)
        {
            return null;
        }

        using (name)
        {
            var file = LinuxCalls.Open(name.Folder, name.Rest, LinuxCalls.DoNotFollow | LinuxCalls.DoNotWait);
            if (file.IsInvalid)
            {
                return LinuxName.IsGone || LinuxName.IsLink ? null : throw LinuxCalls.Failure(entry.Path);
            }

            if (IsSame(file, entry))
            {
                return new FolderContent(
                    file,
                    entry.Holes,
                    () =>
                    {
                        if (!IsSame(file, entry))
                        {
                            throwChanged();
                        }
                    },
                    fail);
            }

            file.Dispose();
            return null;
        }
    }

    private static bool IsSame(SafeFileHandle file, SourceEntry entry) =>
        LinuxCalls.TryLook(file, [0], out var status)
            ? status.Kind == EntryKind.File && status.Length == entry.Length && status.LastModified == entry.LastModified && status.Version == entry.Version
            : throw LinuxCalls.Failure(entry.Path);

    // What is gone while it is looked at has no attributes then; whoever reads it finds out.
    private static SourceEntry EntryOf(SafeFileHandle folder, byte[] name, in LinuxStatus status, string path, byte[] fullPath)
    {
        var attributes = LinuxAttributes.Of(fullPath);
        return new SourceEntry
        {
            Path = path,
            Kind = status.Kind,
            Length = status.Length,
            LastModified = status.LastModified,
            Version = status.Version,
            LinkTarget = status.Kind == EntryKind.SymbolicLink ? LinkOf(folder, name, path) : null,
            Holes = status is { Kind: EntryKind.File, TakesLess: true } ? HolesOf(folder, name, status) : [],
            Unix = new UnixAttributes
            {
                Mode = status.Mode,
                UserId = status.UserId,
                GroupId = status.GroupId,
                UserName = status.UserId == 0 ? null : LinuxAccounts.UserOf(status.UserId),
                GroupName = status.GroupId == 0 ? null : LinuxAccounts.GroupOf(status.GroupId),
                Nanoseconds = status.Nanoseconds,
                HardLink = status.HardLink,
                Device = status.Device,
                ExtendedAttributes = attributes ?? [],
            },
            Unsupported = status.Kind == EntryKind.Socket ? "socket"
                : attributes is null ? $"its extended attributes are more than {LinuxAttributes.Most} bytes"
                : null,
        };
    }

    private static string LinkOf(SafeFileHandle folder, byte[] name, string path)
    {
        var target = new byte[LinuxCalls.LongestPath];
        var length = LinuxCalls.ReadLink(folder, name, target);
        return length >= 0 ? PathText.Of(target.AsSpan(0, length)) : LinuxName.IsGone ? "" : throw LinuxCalls.Failure(path);
    }

    // A file that may not be read is found out by whoever reads it.
    private static IReadOnlyList<Hole> HolesOf(SafeFileHandle folder, byte[] name, in LinuxStatus status)
    {
        using var file = LinuxCalls.Open(folder, name, LinuxCalls.DoNotFollow | LinuxCalls.DoNotWait);
        return !file.IsInvalid && LinuxCalls.TryLook(file, [0], out var opened) && opened.Version == status.Version ? LinuxHoles.Of(file, status.Length) : [];
    }

    private byte[] FullPathOf(string path) => path == "/" ? [.. root, (byte)'/'] : [.. root, (byte)'/', .. PathText.BytesOf(path.AsSpan().TrimEnd('/'))];
}
