using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// The folders of a target, each opened from the one above it and never through a link: whatever a snapshot, or anybody else, makes a link of meanwhile, nothing is written
/// outside. Thread-safe; some folders are kept open.
/// </summary>
/// <param name="root">The target's folder; it may be a link itself.</param>
internal sealed class LinuxPlaces(string root)
{
    private const int MostKept = 64;
    private const int MostAttempts = 100;
    private const int ForAll = 0x1FF;
    private const int ForMe = 0x1C0;
    private const int Exists = 17;

    private readonly Lock sync = new();
    private readonly Dictionary<string, Place> kept = new(StringComparer.Ordinal);

    /// <summary>The folder of temporary files.</summary>
    public const string Temporary = FolderFiles.Temporary + "/";

    /// <summary>The last part of a path, and a NUL.</summary>
    public static byte[] NameOf(string path)
    {
        var name = path.AsSpan().TrimEnd('/');
        return [.. PathText.BytesOf(name[(name.LastIndexOf('/') + 1)..]), 0];
    }

    /// <summary>The folder that a path is in, with '/' at its end; nothing for the root.</summary>
    public static string ParentOf(string path) => path[..(path.AsSpan().TrimEnd('/').LastIndexOf('/') + 1)];

    /// <summary>A folder, made where it is not there, with all above it. Given back by disposing it.</summary>
    /// <param name="path">Its path, with '/' at its end; nothing for the root.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>: it, or one above it, is a link.</exception>
    /// <exception cref="IOException">It cannot be made, or is no folder.</exception>
    public Place Rent(string path)
    {
        lock (sync)
        {
            if (!kept.TryGetValue(path, out var place))
            {
                if (kept.Count >= MostKept)
                {
                    Forget();
                }

                kept[path] = place = new Place(path.Length == 0 ? OpenRoot() : Open(path));
            }

            return place.Rent();
        }
    }

    /// <summary>Looks at a folder anew when it is asked for again.</summary>
    public void Forget(string path)
    {
        lock (sync)
        {
            if (kept.Remove(path, out var place))
            {
                place.Dispose();
            }
        }
    }

    /// <summary>Closes all that are kept.</summary>
    public void Close()
    {
        lock (sync)
        {
            Forget();
        }
    }

    private void Forget()
    {
        foreach (var place in kept.Values)
        {
            place.Dispose();
        }

        kept.Clear();
    }

    private SafeFileHandle OpenRoot()
    {
        Directory.CreateDirectory(root);
        using var name = LinuxName.Of(PathText.BytesOf(root)) ?? throw LinuxCalls.Failure(root);
        var opened = LinuxCalls.Open(name.Folder, name.Rest, LinuxCalls.OnlyFolder);
        return opened.IsInvalid ? throw LinuxCalls.Failure(root) : opened;
    }

    // From the nearest folder above that is open.
    private SafeFileHandle Open(string path)
    {
        var above = ParentOf(path);
        while (above.Length > 0 && !kept.ContainsKey(above))
        {
            above = ParentOf(above);
        }

        using var first = kept.TryGetValue(above, out var near) ? near.Rent() : new Place(OpenRoot());
        SafeFileHandle? folder = null;
        for (var end = above.Length; end < path.Length;)
        {
            end = path.IndexOf('/', end) + 1;
            var below = OpenIn(folder ?? first.Handle, path[..end]);
            folder?.Dispose();
            folder = below;
        }

        return folder ?? throw new InvalidOperationException("A path ends with '/'.");
    }

    private SafeFileHandle OpenIn(SafeFileHandle folder, string path)
    {
        var name = NameOf(path);
        var flags = LinuxCalls.OnlyFolder | LinuxCalls.DoNotFollow;
        var opened = LinuxCalls.Open(folder, name, flags);

        // Another process's last one may take the folder of temporary files along at any moment.
        for (var attempt = 1; opened.IsInvalid && LinuxName.IsMissing && attempt <= MostAttempts; attempt++)
        {
            opened.Dispose();
            if (LinuxMaking.MakeFolder(folder, name, path == Temporary ? ForMe : ForAll) != 0 && LinuxName.LastError != Exists)
            {
                throw LinuxCalls.Failure(path);
            }

            opened = LinuxCalls.Open(folder, name, flags);
        }

        if (!opened.IsInvalid)
        {
            return opened;
        }

        // Links are told apart, as far as can be: this call says 'no folder' of them, too.
        var error = LinuxCalls.Failure(path);
        throw LinuxCalls.TryLook(folder, name, out var status) && status.Kind == EntryKind.SymbolicLink ? FolderPath.ThroughLink(root, path) : error;
    }

    /// <summary>An open folder.</summary>
    internal sealed class Place(SafeFileHandle handle) : IDisposable
    {
        private int users = 1;

        public SafeFileHandle Handle => handle;

        public Place Rent()
        {
            Interlocked.Increment(ref users);
            return this;
        }

        public void Dispose()
        {
            if (Interlocked.Decrement(ref users) == 0)
            {
                handle.Dispose();
            }
        }
    }
}
