using System.Globalization;
using System.IO.Enumeration;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Manifests;

namespace DrFunctions.Backup.Sources;

/// <summary>A folder as .NET shows it on any machine: files and folders with their times. Links are recorded as unsupported, and never followed.</summary>
/// <param name="root">Where; absolute.</param>
/// <param name="exclude">Which paths are not shown, nor what is below them; null for none.</param>
internal sealed class PortableTree(string root, Predicate<string>? exclude = null) : IFolderTree
{
    public IEnumerable<SourceEntry> List()
    {
        var folders = new Stack<Queue<Listed>>([List(root, isRoot: true)]);
        while (folders.TryPeek(out var folder))
        {
            if (!folder.TryDequeue(out var next))
            {
                folders.Pop();
            }
            else if (EntryOf(next.FullName) is { } entry && exclude?.Invoke(entry.Path.TrimEnd('/')) != true)
            {
                yield return entry;
                if (next.IsFolder)
                {
                    folders.Push(List(next.FullName, isRoot: false));
                }
            }
        }
    }

    public SourceEntry? Find(string path) =>
        EntryOf(path == "/" ? root : Path.Combine(root, path.TrimEnd('/').Replace('/', Path.DirectorySeparatorChar))) is { } entry && entry.Path == path ? entry : null;

    public FolderContent? Open(SourceEntry entry, Action throwChanged, Func<Exception, Exception> fail)
    {
        void ThrowIfChanged()
        {
            if (Find(entry.Path)?.Version != entry.Version)
            {
                throwChanged();
            }
        }

        if (Find(entry.Path)?.Version != entry.Version)
        {
            return null;
        }

        return new FolderContent(FolderContent.Open(Path.Combine(root, entry.Path.Replace('/', Path.DirectorySeparatorChar))), [], ThrowIfChanged, fail);
    }

    // What is directly below a folder, in the order of what is below it all. One that is gone since its parent was listed has nothing.
    private static Queue<Listed> List(string folder, bool isRoot)
    {
        try
        {
            var found = new FileSystemEnumerable<Listed>(
                folder,
                (ref FileSystemEntry entry) => new Listed(
                    entry.ToFullPath(), entry.FileName.ToString(), entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == 0),
                FolderListing.Direct)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.FileName.SequenceEqual(FolderFiles.Temporary),
            }.ToList();
            found.Sort(static (one, other) => PathOrder.Compare(one.SortedAs, other.SortedAs));
            return new Queue<Listed>(found);
        }
        catch (DirectoryNotFoundException) when (!isRoot)
        {
            return [];
        }
    }

    private SourceEntry? EntryOf(string fullName)
    {
        var file = new FileInfo(fullName);
        var isLink = file.LinkTarget is not null;
        var isFolder = !isLink && Directory.Exists(fullName);
        if (!isLink && !isFolder && !file.Exists)
        {
            return null;
        }

        var length = isLink || isFolder ? 0 : file.Length;
        var path = fullName == root ? "" : Path.GetRelativePath(root, fullName).Replace(Path.DirectorySeparatorChar, '/');
        return new SourceEntry
        {
            Path = isFolder ? path + '/' : path,
            Kind = isFolder ? EntryKind.Folder : EntryKind.File,
            Length = length,
            LastModified = file.LastWriteTimeUtc,
            Version = string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}-{length}"),
            Unsupported = isLink ? "symbolic link" : (file.Attributes & FileAttributes.Device) != 0 ? "device" : null,
        };
    }

    private readonly record struct Listed(string FullName, string Name, bool IsFolder)
    {
        public string SortedAs => IsFolder ? Name + '/' : Name;
    }
}
