using System.Runtime.InteropServices;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Folders;

/// <summary>The holes of sparse files, as the file system knows them.</summary>
internal static class LinuxHoles
{
    /// <summary>Holes of a file that are kept at most; what comes after them is read, and stored, as zeros.</summary>
    public const int Most = 10_000;

    /// <summary>A file's holes up to its length, sorted; none where the file system does not tell.</summary>
    public static IReadOnlyList<Hole> Of(SafeFileHandle file, long length)
    {
        var holes = new List<Hole>();
        for (var offset = 0L; offset < length && holes.Count < Most;)
        {
            var begin = LinuxCalls.Seek(file, offset, LinuxCalls.SeekHole);
            if (begin < offset || begin >= length)
            {
                break;
            }

            // No such place: nothing but a hole until the end.
            var end = LinuxCalls.Seek(file, begin, LinuxCalls.SeekData);
            if (end <= begin && (end >= 0 || Marshal.GetLastPInvokeError() != LinuxCalls.NoSuchPlace))
            {
                break;
            }

            offset = end < 0 ? length : Math.Min(end, length);
            holes.Add(new Hole(begin, offset - begin));
        }

        return holes;
    }
}
