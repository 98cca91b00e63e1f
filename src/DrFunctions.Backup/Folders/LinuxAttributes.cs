using System.Runtime.InteropServices;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Folders;

/// <summary>Extended attributes of files, folders and links. Access control lists of POSIX are among them: Linux shows them so.</summary>
internal static class LinuxAttributes
{
    /// <summary>Bytes of the values of an entry that are kept at most: an entry is one line of a manifest.</summary>
    public const int Most = 1024 * 1024;

    /// <summary>All that this process may see, sorted by their names' bytes; null when they are more than is kept.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    /// <param name="fullPath">The absolute path; what is gone has none.</param>
    public static IReadOnlyList<AttributeValue>? Of(byte[] fullPath)
    {
        using var name = LinuxName.Of(fullPath is [.. var folder, (byte)'/'] && folder.Length > 0 ? folder : fullPath);
        if (name?.Path is not { } path)
        {
            return [];
        }

        var names = Read(path, buffer => LinuxCalls.ListAttributes(path, buffer, Length(buffer)));
        if (names is not { Length: > 0 })
        {
            return [];
        }

        var found = new List<AttributeValue>();
        var total = 0;
        foreach (var attribute in Split(names).OrderBy(static bytes => bytes, Comparer<byte[]>.Create(static (one, other) => one.AsSpan().SequenceCompareTo(other))))
        {
            byte[] terminated = [.. attribute, 0];
            if (Read(path, buffer => LinuxCalls.GetAttribute(path, terminated, buffer, Length(buffer))) is { } value)
            {
                total += attribute.Length + value.Length;
                if (total > Most)
                {
                    return null;
                }

                found.Add(new AttributeValue(PathText.Of(attribute), value));
            }
        }

        return found;
    }

    // Asks how long it is, then for it, until it did not grow meanwhile; null when it is not there.
    private static byte[]? Read(byte[] path, Func<byte[]?, nint> call)
    {
        while (true)
        {
            var length = (int)call(null);
            if (length == 0)
            {
                return [];
            }

            var value = length < 0 ? null : new byte[length];
            var read = value is null ? -1 : (int)call(value);
            if (read >= 0)
            {
                return value.AsSpan(0, read).ToArray();
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case LinuxCalls.TooShort:
                    continue;
                case LinuxCalls.NoData or LinuxCalls.NotSupported or LinuxCalls.NoEntry or LinuxCalls.NotAFolder:
                    return null;
                default:
                    throw LinuxCalls.Failure(PathText.Of(path.AsSpan()[..^1]));
            }
        }
    }

    private static nuint Length(byte[]? buffer) => (nuint)(buffer?.Length ?? 0);

    private static IEnumerable<byte[]> Split(byte[] names)
    {
        for (int start = 0, end; start < names.Length; start = end + 1)
        {
            end = Array.IndexOf(names, (byte)0, start);
            end = end < 0 ? names.Length : end;
            if (end > start)
            {
                yield return names[start..end];
            }
        }
    }
}
