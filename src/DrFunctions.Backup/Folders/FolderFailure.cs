namespace DrFunctions.Backup.Folders;

/// <summary>What the file system throws, said in the engine's words.</summary>
internal static class FolderFailure
{
    private const int NoSpaceLeftUnix = 28;
    private const int QuotaExceededLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);

    /// <summary>True when the file system failed or refused.</summary>
    public static bool Is(Exception error) => error is IOException or UnauthorizedAccessException or System.Security.SecurityException;

    /// <summary>True when it is of one name, and others may well be read.</summary>
    public static bool IsOfOneEntry(Exception error) => error is UnauthorizedAccessException
        || (OperatingSystem.IsLinux() && error is IOException { HResult: LinuxCalls.AccessDenied or LinuxCalls.NotPermitted or LinuxCalls.InputOutput });

    /// <summary>The failure as the engine's callers know it.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="action">What was tried, such as <c>write 'a/b'</c>.</param>
    /// <param name="folder">Where.</param>
    public static BackupException Of(Exception error, string action, string folder) =>
        error.HResult is NoSpaceLeftUnix or QuotaExceededLinux or DiskFullWindows or HandleDiskFullWindows
            ? new BackupException(
                BackupErrors.TargetFull,
                $"Could not {action} in '{folder}': no space is left there.",
                isTransient: false,
                "Make room, or name another folder, and run it again: what is done already is kept.",
                error)
            : new BackupException(
                BackupErrors.StorageRefused,
                $"Could not {action} in '{folder}': {error.Message.TrimEnd('.')}.",
                isTransient: false,
                "Check the folder, its rights and its disk.",
                error);
}
