using System.Runtime.InteropServices;
using System.Text;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Folders;

/// <summary>A name as calls take it: as much of its end as they take at once, below an open folder when it is longer.</summary>
internal readonly struct LinuxName : IDisposable
{
    private LinuxName(SafeFileHandle folder, byte[] rest) => (Folder, Rest) = (folder, rest);

    /// <summary>Below which folder.</summary>
    public SafeFileHandle Folder { get; }

    /// <summary>The rest of the name, and a NUL.</summary>
    public byte[] Rest { get; }

    /// <summary>The whole path, which calls take that take no folder, and a NUL.</summary>
    public byte[] Path => Folder == LinuxCalls.NoFolder ? Rest : [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{Folder.DangerousGetHandle()}/"), .. Rest];

    /// <summary>Of an absolute path; null when a folder on the way is gone.</summary>
    /// <exception cref="IOException">A folder on the way cannot be opened.</exception>
    public static LinuxName? Of(ReadOnlySpan<byte> path)
    {
        var folder = LinuxCalls.NoFolder;
        while (path.Length >= LinuxCalls.LongestPath)
        {
            var end = path[..(LinuxCalls.LongestPath - 1)].LastIndexOf((byte)'/');
            if (end <= 0)
            {
                Close(folder);
                throw new IOException($"A part of the name is too long: '{PathText.Of(path)}'");
            }

            var next = LinuxCalls.Open(folder, [.. path[..end], 0], LinuxCalls.PathOnly | LinuxCalls.OnlyFolder);
            Close(folder);
            if (next.IsInvalid)
            {
                return IsGone ? null : throw LinuxCalls.Failure(PathText.Of(path[..end]));
            }

            folder = next;
            path = path[(end + 1)..];
        }

        return new LinuxName(folder, [.. path, 0]);
    }

    /// <summary>Whether the last call said that nothing is there.</summary>
    public static bool IsGone => Marshal.GetLastPInvokeError() is LinuxCalls.NoEntry or LinuxCalls.NotAFolder;

    /// <summary>Whether the last call said that a link is there.</summary>
    public static bool IsLink => Marshal.GetLastPInvokeError() == LinuxCalls.TooManyLinks;

    /// <inheritdoc/>
    public void Dispose() => Close(Folder);

    private static void Close(SafeFileHandle folder)
    {
        if (folder != LinuxCalls.NoFolder)
        {
            folder.Dispose();
        }
    }
}
