using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Folders;

/// <summary>The calls of 64-bit Linux that .NET has no words for. Names are bytes with a NUL at their end.</summary>
internal static class LinuxCalls
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int InputOutput = 5;
    public const int NoSuchPlace = 6;
    public const int AccessDenied = 13;
    public const int NotAFolder = 20;
    public const int TooShort = 34;
    public const int TooManyLinks = 40;
    public const int NoData = 61;
    public const int NotSupported = 95;

    /// <summary>The longest path of a call, its NUL included (PATH_MAX).</summary>
    public const int LongestPath = 4096;

    public const int DoNotWait = 0x800;
    public const int PathOnly = 0x200000;

    public const int SeekData = 3;
    public const int SeekHole = 4;

    // The flags that differ between machines.
    public static readonly int OnlyFolder = IsArm ? 0x4000 : 0x10000;
    public static readonly int DoNotFollow = IsArm ? 0x8000 : 0x20000;

    private const int CloseOnExecute = 0x80000;

    /// <summary>Whether this machine has them.</summary>
    public static bool Exist { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Stands for the folder of names that need none.</summary>
    public static SafeFileHandle NoFolder { get; } = new(-100, ownsHandle: false);

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Opens a name, to read. An invalid handle: the last error tells why.</summary>
    public static SafeFileHandle Open(SafeFileHandle folder, ReadOnlySpan<byte> name, int flags) =>
        new(OpenAt(folder, ref MemoryMarshal.GetReference(name), flags | CloseOnExecute), ownsHandle: true);

    /// <summary>What is under a name, links not followed; under an empty one the folder, or whatever was opened, itself.</summary>
    public static bool TryLook(SafeFileHandle folder, ReadOnlySpan<byte> name, out LinuxStatus status)
    {
        const int LinkItself = 0x100;
        const int NoAutomount = 0x800;
        const int HandleItself = 0x1000;
        const uint Basic = 0x7ff;
        return Statx(folder, ref MemoryMarshal.GetReference(name), LinkItself | NoAutomount | HandleItself, Basic, out status) == 0;
    }

    /// <summary>Bytes of a link's target; -1: the last error tells why.</summary>
    public static int ReadLink(SafeFileHandle folder, ReadOnlySpan<byte> name, byte[] target) =>
        (int)ReadLinkAt(folder, ref MemoryMarshal.GetReference(name), target, (nuint)target.Length);

    /// <summary>The next names of a folder, as getdents64(2) has them; 0 at the end, -1: the last error tells why.</summary>
    [DllImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint GetNames(SafeFileHandle folder, byte[] target, nuint length);

    /// <summary>Where the next data or hole begins.</summary>
    [DllImport("libc", EntryPoint = "lseek", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern long Seek(SafeFileHandle file, long offset, int whence);

    /// <summary>The names of extended attributes, each with a NUL; links not followed.</summary>
    [DllImport("libc", EntryPoint = "llistxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint ListAttributes(byte[] path, byte[]? target, nuint length);

    /// <summary>The value of an extended attribute; links not followed.</summary>
    [DllImport("libc", EntryPoint = "lgetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint GetAttribute(byte[] path, byte[] name, byte[]? target, nuint length);

    /// <summary>What the last call said.</summary>
    /// <param name="what">Of what, for people.</param>
    public static IOException Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{what}'", error);
    }

    [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenAt(SafeFileHandle folder, ref byte name, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(SafeFileHandle folder, ref byte name, int flags, uint mask, out LinuxStatus status);

    [DllImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ReadLinkAt(SafeFileHandle folder, ref byte name, byte[] target, nuint length);
}
