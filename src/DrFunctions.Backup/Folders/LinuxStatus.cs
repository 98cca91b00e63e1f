using System.Globalization;
using System.Runtime.InteropServices;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Folders;

/// <summary>struct statx, statx(2); the same on every machine.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct LinuxStatus
{
    private const long TicksOfASecond = 10_000_000;
    private const int BytesOfABlock = 512;

    [FieldOffset(16)]
    public readonly uint Names;

    [FieldOffset(20)]
    public readonly uint UserId;

    [FieldOffset(24)]
    public readonly uint GroupId;

    [FieldOffset(28)]
    private readonly ushort mode;

    [FieldOffset(32)]
    private readonly ulong inode;

    [FieldOffset(40)]
    private readonly ulong size;

    [FieldOffset(48)]
    private readonly ulong blocks;

    [FieldOffset(96)]
    private readonly Timestamp changed;

    [FieldOffset(112)]
    private readonly Timestamp modified;

    [FieldOffset(128)]
    private readonly uint deviceMajor;

    [FieldOffset(132)]
    private readonly uint deviceMinor;

    [FieldOffset(136)]
    private readonly uint systemMajor;

    [FieldOffset(140)]
    private readonly uint systemMinor;

    /// <summary>What is there.</summary>
    public EntryKind Kind => (mode & 0xF000) switch
    {
        0x8000 => EntryKind.File,
        0x4000 => EntryKind.Folder,
        0xA000 => EntryKind.SymbolicLink,
        0x1000 => EntryKind.Pipe,
        0x2000 => EntryKind.CharacterDevice,
        0x6000 => EntryKind.BlockDevice,
        _ => EntryKind.Socket,
    };

    /// <summary>Rights, 0 to octal 7777.</summary>
    public int Mode => mode & 0xFFF;

    /// <summary>Bytes of a file's content.</summary>
    public long Length => Kind == EntryKind.File ? (long)size : 0;

    /// <summary>Whether the file takes less room than it has bytes: it has holes, or the file system compresses it.</summary>
    public bool TakesLess => blocks * BytesOfABlock < size;

    /// <summary>Which device it stands for.</summary>
    public DeviceNumber? Device => Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice ? new DeviceNumber(deviceMajor, deviceMinor) : null;

    /// <summary>The file system that it is in.</summary>
    public (uint Major, uint Minor) FileSystem => (systemMajor, systemMinor);

    /// <summary>The same for all names of a file, while it has more than one; null when it has not.</summary>
    public string? HardLink => Names > 1 && Kind != EntryKind.Folder ? string.Create(CultureInfo.InvariantCulture, $"{systemMajor:x}-{systemMinor:x}-{inode:x}") : null;

    /// <summary>When the content was last written, as far as .NET's time reaches and in its ticks.</summary>
    public DateTimeOffset LastModified => modified.Seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() ? DateTimeOffset.MinValue
        : modified.Seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.MaxValue
        : DateTimeOffset.UnixEpoch.AddTicks((modified.Seconds * TicksOfASecond) + (modified.Nanoseconds / 100));

    /// <summary>What the ticks do not hold, 0 to 99 ns.</summary>
    public int Nanoseconds => (int)(modified.Nanoseconds % 100);

    /// <summary>Changes with the content and all that is kept of the name: the inode and its time of last change, which nobody can set back.</summary>
    public string Version => string.Create(CultureInfo.InvariantCulture, $"{inode:x}-{changed.Seconds:x}.{changed.Nanoseconds:x}");

    /// <summary>Whether both are of one file or folder, whatever it is now.</summary>
    public bool IsSame(in LinuxStatus other) => inode == other.inode && FileSystem == other.FileSystem;

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private readonly struct Timestamp
    {
        [FieldOffset(0)]
        public readonly long Seconds;

        [FieldOffset(8)]
        public readonly uint Nanoseconds;
    }
}
