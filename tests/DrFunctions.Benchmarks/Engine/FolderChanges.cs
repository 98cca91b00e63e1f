namespace DrFunctions.Benchmarks.Engine;

/// <summary>What happens to a folder between two backups of it.</summary>
internal static class FolderChanges
{
    /// <summary>
    /// Changes one file of a hundred: a line is inserted into a short one, 64 KiB of a longer one are overwritten; and 1 KiB is inserted into the middle of one of the longest.
    /// </summary>
    /// <param name="folder">Whose files.</param>
    /// <param name="seed">Which, and what comes into them.</param>
    public static async Task ChangeAsync(string folder, int seed)
    {
        var random = new Random(seed);
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var longest = files.OrderByDescending(file => new FileInfo(file).Length).Take(3).ToArray();
        foreach (var file in random.GetItems(files, files.Length / 100).Distinct().Except(longest).Append(longest[seed % longest.Length]))
        {
            var content = await File.ReadAllBytesAsync(file);
            var edit = new byte[longest.Contains(file) ? 1024 : content.Length > 128 * 1024 ? 64 * 1024 : 20];
            random.NextBytes(edit);
            var at = content.Length / 2;
            byte[] changed = content.Length > 128 * 1024 && !longest.Contains(file)
                ? [.. content.AsSpan(0, at), .. edit, .. content.AsSpan(at + edit.Length)]
                : [.. content.AsSpan(0, at), .. edit, .. content.AsSpan(at)];
            await File.WriteAllBytesAsync(file, changed);
        }
    }
}
