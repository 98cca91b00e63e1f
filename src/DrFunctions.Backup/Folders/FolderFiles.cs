using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Folders;

/// <summary>Temporary files on the disk of a folder, beside everything else in it.</summary>
internal static class FolderFiles
{
    /// <summary>The folder, below the root, for files that are not visible yet.</summary>
    public const string Temporary = ".drfunctions-tmp";

    private const int MostAttempts = 100;
    private const int FileExistsUnix = 17;

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(2);

    /// <summary>Creates a temporary file of a name that nobody else has.</summary>
    public static FileStream Create(string root, long length)
    {
        var folder = Path.Combine(root, Temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            PreallocationSize = length,
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new FileStream(Path.Combine(folder, Path.GetRandomFileName()), options);
            }
            catch (IOException error) when (attempt < MostAttempts && (error is DirectoryNotFoundException or FileNotFoundException || error.HResult == FileExistsUnix))
            {
                // Another process's last one just took the folder along, which .NET may see at any step of its way.
                continue;
            }
        }
    }

    /// <summary>Removes a temporary file that did not become visible, and the folder of such files when it was the last.</summary>
    public static void Remove(string path)
    {
        RemoveFile(path);
        RemoveFolder(Path.GetDirectoryName(path) ?? path);
    }

    /// <summary>Removes a temporary file that did not become visible.</summary>
    public static void RemoveFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            return; // What stays is removed by RemoveLeftovers.
        }
    }

    /// <summary>Removes the folder of temporary files, unless others are on their way in it.</summary>
    public static void RemoveTemporary(string root) => RemoveFolder(Path.Combine(root, Temporary));

    private static void RemoveFolder(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception error) when (FolderFailure.Is(error))
        {
            return; // It is not empty, or somebody else was faster.
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

        foreach (var file in folder.EnumerateFiles().Where(file => now - LastChanged(file) > LongestLife))
        {
            Remove(file.FullName);
        }
    }

    // What is about to be shown has the time of last write that it will have, which may be long ago.
    private static DateTimeOffset LastChanged(FileInfo file) =>
        LinuxCalls.Exist && LinuxCalls.TryLook(LinuxCalls.NoFolder, [.. PathText.BytesOf(file.FullName), 0], out var status) ? status.LastChanged : file.LastWriteTimeUtc;
}
