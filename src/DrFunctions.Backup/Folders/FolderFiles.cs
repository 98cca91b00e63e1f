namespace DrFunctions.Backup.Folders;

/// <summary>Temporary files on the disk of a folder, beside everything else in it.</summary>
internal static class FolderFiles
{
    /// <summary>The folder, below the root, for files that are not visible yet.</summary>
    public const string Temporary = ".drfunctions-tmp";

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(2);

    /// <summary>Creates a temporary file of a name that nobody else has.</summary>
    public static FileStream Create(string root, long length)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(root, Temporary)).FullName, Path.GetRandomFileName());
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            PreallocationSize = length,
        });
    }

    /// <summary>Removes a temporary file that did not become visible, and the folder of such files when it was the last.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
            Directory.Delete(Path.GetDirectoryName(path) ?? path);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            // Other files are on their way; what stays is removed by RemoveLeftovers.
            return;
        }
    }

    /// <summary>Removes what killed processes left longer ago than any lives.</summary>
    public static void RemoveLeftovers(string root, DateTimeOffset now)
    {
        var folder = new DirectoryInfo(Path.Combine(root, Temporary));
        if (!folder.Exists)
        {
            return;
        }

        foreach (var file in folder.EnumerateFiles().Where(file => now - file.LastWriteTimeUtc > LongestLife))
        {
            Remove(file.FullName);
        }
    }
}
