using System.Collections.Concurrent;
using System.Globalization;
using DrFunctions.Backup.Folders;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// The folder that a target writes below: which folders in it are folders, and temporary files. Thread-safe. A folder that was looked at is not looked at again for
/// each of its files: links that a restore makes must be made when its files are there.
/// </summary>
/// <param name="root">The folder.</param>
internal sealed class TargetFolder(string root)
{
    private const int MostAttempts = 100;
    private const int MostKept = 4096;
    private const int FileExistsUnix = 17;

    private readonly string temporaries = Path.Combine(root, FolderFiles.Temporary);
    private readonly string prefix = Path.GetRandomFileName();
    private readonly ConcurrentDictionary<string, bool> real = new(StringComparer.Ordinal);
    private volatile string judged = "";
    private long number;

    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>Makes sure that a path stays inside, by its text and by what is there. Writes nothing.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>.</exception>
    public void Judge(string path)
    {
        FolderPath.ThrowIfUnsafe(root, path);
        var parent = ParentOf(path);
        if (parent.Length > 0 && parent != judged && !real.ContainsKey(parent))
        {
            FolderPath.ThrowIfLinked(root, path);
            judged = parent;
        }
    }

    /// <summary>Makes the folders on the way to a file.</summary>
    /// <returns>The file's path on the disk.</returns>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>: one of them is a link.</exception>
    /// <exception cref="IOException">One of them cannot be made.</exception>
    public string Prepare(string path)
    {
        var full = FolderPath.Resolve(root, path);
        var parent = ParentOf(path);
        if (!real.ContainsKey(parent))
        {
            FolderPath.ThrowIfLinked(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? root);
            FolderPath.ThrowIfLinked(root, path);
            if (real.Count >= MostKept)
            {
                real.Clear();
            }

            real[parent] = true;
        }

        return full;
    }

    /// <summary>A path for a temporary file that nobody else has.</summary>
    public string NewTemporary() =>
        string.Create(CultureInfo.InvariantCulture, $"{temporaries}{Path.DirectorySeparatorChar}{prefix}-{Interlocked.Increment(ref number):x}");

    /// <summary>Creates a temporary file.</summary>
    /// <param name="path">From <see cref="NewTemporary"/>.</param>
    /// <param name="share">Who else may open it meanwhile.</param>
    public SafeFileHandle Create(string path, FileShare share)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt > 1)
                {
                    Directory.CreateDirectory(temporaries);
                }

                return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, share);
            }
            catch (IOException error) when (attempt < MostAttempts && (error is DirectoryNotFoundException or FileNotFoundException || error.HResult == FileExistsUnix))
            {
                // The first file of a restore; or another process's last one took the folder along, which .NET may see at any step of its way.
                continue;
            }
        }
    }

    /// <summary>Removes the folder of temporary files, unless others are on their way in it.</summary>
    public void RemoveTemporaries() => FolderFiles.RemoveTemporary(root);

    private static string ParentOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
