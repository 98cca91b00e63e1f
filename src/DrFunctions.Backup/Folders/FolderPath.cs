using System.Buffers;

namespace DrFunctions.Backup.Folders;

/// <summary>From a path of a snapshot to a path of the disk, never outside the folder.</summary>
internal static class FolderPath
{
    private static readonly SearchValues<char> NotOnWindows = SearchValues.Create("\\:*?\"<>|");

    /// <summary>Why a folder cannot hold the path, to be read after the path; null when it can.</summary>
    public static string? WhyNot(string path)
    {
        if (path.Length == 0)
        {
            return "is empty";
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return "has a NUL";
        }

        if (path[0] == '/')
        {
            return "is absolute";
        }

        if (OperatingSystem.IsWindows() && path.Length > 1 && char.IsAsciiLetter(path[0]) && path[1] == ':')
        {
            return "names a drive";
        }

        if (OperatingSystem.IsWindows() && path.AsSpan().ContainsAny(NotOnWindows))
        {
            return "has a character that Windows does not keep in names";
        }

        var parts = path.Split('/');
        return parts.Contains("..") ? "has a part '..', which leads outside"
            : parts.Any(part => part is "" or ".") ? "has an empty part or a part '.'"
            : parts.Contains(FolderFiles.Temporary) ? $"has a part '{FolderFiles.Temporary}', which restores use themselves"
            : null;
    }

    /// <summary>The disk's path.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>.</exception>
    public static string Resolve(string root, string path)
    {
        ThrowIfUnsafe(root, path);
        return Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>Makes sure that the path stays inside, by its text.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>.</exception>
    public static void ThrowIfUnsafe(string root, string path)
    {
        if (WhyNot(path) is { } reason)
        {
            throw Unsafe(root, path, reason);
        }
    }

    /// <summary>Makes sure that the path stays inside: no folder on the way to it may be a link.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.UnsafePath"/>.</exception>
    public static void ThrowIfLinked(string root, string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var folder = new DirectoryInfo(Path.Combine(root, path[..slash]));
            if (folder.Exists && folder.LinkTarget is not null)
            {
                throw Unsafe(root, path, $"goes through the link '{path[..slash]}'");
            }
        }
    }

    private static BackupException Unsafe(string root, string path, string reason) => new(
        BackupErrors.UnsafePath,
        $"'{path}' cannot be restored to '{root}': it {reason}.",
        isTransient: false,
        "Restore to a blob container, or to a folder that can hold the name.");
}
