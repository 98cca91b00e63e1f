using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.App.RestoreTests;

/// <summary>
/// A restore point that is too large for one function is restored and compared in parts. A file is in one part, by the hash of its path.
/// Pure.
/// </summary>
internal static class RestoreTestParts
{
    // What a slow restore does in a second.
    private const double BytesInASecond = 16 * 1024 * 1024;
    private const double FilesInASecond = 100;
    private const int Most = 1000;

    /// <summary>How many parts, 1 to 1,000, so that each takes about the budget where storage is slow.</summary>
    public static int Count(long files, long bytes, TimeSpan budget) => (int)Math.Clamp(
        Math.Ceiling(((bytes / BytesInASecond) + (files / FilesInASecond)) / budget.TotalSeconds), 1, Most);

    /// <summary>Which part, from 0, a path is in.</summary>
    public static int Of(string path, int count) =>
        (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(path))) % (uint)count);
}
