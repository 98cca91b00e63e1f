using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Folders;

/// <summary>The calls of 64-bit Linux that make names and say whose they are. Names are bytes with a NUL at their end; -1: the last error tells why.</summary>
internal static class LinuxMaking
{
    /// <summary>For an owner or group that stays as it is.</summary>
    public const uint Unchanged = uint.MaxValue;

    /// <summary>For <see cref="ChangeOwnerOf"/> and <see cref="SetTimesOf"/>: of a link itself.</summary>
    public const int LinkItself = 0x100;

    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int CloseOnExecute = 0x80000;

    /// <summary>Opens a file to write, and creates it, with those rights, when it is not there.</summary>
    public static SafeFileHandle OpenToWrite(SafeFileHandle folder, byte[] name, int mode) =>
        new(OpenAt(folder, name, WriteOnly | Create | CloseOnExecute | LinuxCalls.DoNotFollow, mode), ownsHandle: true);

    /// <summary>A device's number as the calls take it.</summary>
    public static ulong Number(Sources.DeviceNumber device) =>
        ((ulong)(device.Major & 0xFFFFF000) << 32) | ((ulong)(device.Major & 0xFFF) << 8) | ((ulong)(device.Minor & 0xFFFFFF00) << 12) | (device.Minor & 0xFF);

    [DllImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int MakeFolder(SafeFileHandle folder, byte[] name, int mode);

    [DllImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int MakeLink(byte[] target, SafeFileHandle folder, byte[] name);

    [DllImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int MakeNode(SafeFileHandle folder, byte[] name, int mode, ulong device);

    [DllImport("libc", EntryPoint = "linkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int NameAgain(SafeFileHandle folder, byte[] name, SafeFileHandle otherFolder, byte[] otherName, int flags);

    [DllImport("libc", EntryPoint = "renameat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Rename(SafeFileHandle folder, byte[] name, SafeFileHandle otherFolder, byte[] otherName);

    [DllImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Remove(SafeFileHandle folder, byte[] name, int flags);

    [DllImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SetLength(SafeFileHandle file, long length);

    [DllImport("libc", EntryPoint = "fchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [DllImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int ChangeOwnerOf(SafeFileHandle folder, byte[] name, uint user, uint group, int flags);

    [DllImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int ChangeMode(SafeFileHandle file, int mode);

    [DllImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int ChangeModeOf(SafeFileHandle folder, byte[] name, int mode, int flags);

    [DllImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SetAttribute(SafeFileHandle file, byte[] name, byte[] value, nuint length, int flags);

    [DllImport("libc", EntryPoint = "lsetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SetAttributeOf(byte[] path, byte[] name, byte[] value, nuint length, int flags);

    /// <summary>Sets the times of last access and last write: each a second and a nanosecond.</summary>
    [DllImport("libc", EntryPoint = "futimens", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SetTimes(SafeFileHandle file, long[] times);

    [DllImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SetTimesOf(SafeFileHandle folder, byte[] name, long[] times, int flags);

    [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenAt(SafeFileHandle folder, byte[] name, int flags, int mode);
}
