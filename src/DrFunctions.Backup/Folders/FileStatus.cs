using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DrFunctions.Backup.Folders;

/// <summary>What the file system says of a name, links not followed.</summary>
/// <param name="Kind">What is there.</param>
/// <param name="Length">Bytes of a file's content.</param>
/// <param name="LastModified">When the content was last written, UTC.</param>
/// <param name="Version">
/// Changes with the content: on Linux time of last write, length, inode and time of last change (which nobody can set back), elsewhere the first two.
/// </param>
internal readonly record struct FileStatus(FileKind Kind, long Length, DateTimeOffset LastModified, string Version)
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint BasicStatus = 0x7ff;
    private const int NoEntry = 2;
    private const int NotAFolder = 20;

    /// <summary>Looks at a name; null when nothing is there.</summary>
    /// <exception cref="IOException">The file system refuses, or fails.</exception>
    public static FileStatus? Of(string path) => OperatingSystem.IsLinux() ? OnLinux(path) : Elsewhere(new FileInfo(path));

    private static FileStatus? OnLinux(string path)
    {
        var name = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        Encoding.UTF8.GetBytes(path, name);
        if (Statx(CurrentFolder, name, DoNotFollow, BasicStatus, out var status) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is NoEntry or NotAFolder
                ? null
                : throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", error);
        }

        var kind = (status.Mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.SymbolicLink,
            0x1000 => FileKind.Pipe,
            0xC000 => FileKind.Socket,
            _ => FileKind.Device,
        };
        return new FileStatus(
            kind,
            kind == FileKind.File ? (long)status.Size : 0,
            DateTimeOffset.UnixEpoch.AddSeconds(status.Modified.Seconds).AddTicks(status.Modified.Nanoseconds / 100),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Modified.Seconds}.{status.Modified.Nanoseconds:D9}-{status.Size}-{status.Inode}-{status.Changed.Seconds}.{status.Changed.Nanoseconds:D9}"));
    }

    private static FileStatus? Elsewhere(FileInfo file)
    {
        var isLink = file.LinkTarget is not null;
        if (!file.Exists && !isLink)
        {
            return null;
        }

        var kind = isLink ? FileKind.SymbolicLink : (file.Attributes & FileAttributes.Device) != 0 ? FileKind.Device : FileKind.File;
        var length = kind == FileKind.File ? file.Length : 0;
        return new FileStatus(kind, length, file.LastWriteTimeUtc, string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}-{length}"));
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, out Answer answer);

    /// <summary>struct statx, statx(2); the same on every machine.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Answer
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(96)]
        public Timestamp Changed;

        [FieldOffset(112)]
        public Timestamp Modified;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct Timestamp
    {
        [FieldOffset(0)]
        public long Seconds;

        [FieldOffset(8)]
        public uint Nanoseconds;
    }
}

/// <summary>What a name stands for.</summary>
internal enum FileKind
{
    File,
    Folder,
    SymbolicLink,
    Pipe,
    Socket,
    Device,
}
