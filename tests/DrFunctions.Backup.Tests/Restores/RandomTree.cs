using System.Security.Cryptography;
using System.Text;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Tests.Restores;

/// <summary>Makes trees of everything that Linux has, by a seed, and writes down what is there.</summary>
internal static class RandomTree
{
    private static readonly byte[][] Parts =
    [
        [.. "a"u8], [.. "b"u8], [.. "-"u8], [.. " "u8], [.. "\n"u8], [.. "\\"u8], [.. "\""u8], [.. "ä"u8], [.. "😀"u8], [0xFF], [0x80], [0xE4, 0xA4], [.. ":"u8], [.. "*"u8], [1],
    ];

    /// <summary>Makes a tree below a folder that is there.</summary>
    public static void Make(string root, int seed)
    {
        var random = new Random(seed);
        var folders = new List<byte[]> { PathText.BytesOf(root) };
        var files = new List<byte[]>();
        var made = new List<(byte[] Path, bool IsFolder, bool IsLink)>();
        for (var count = random.Next(4, 25); count > 0; count--)
        {
            byte[] path = [.. folders[random.Next(folders.Count)], (byte)'/', .. NameOf(random), 0];
            var kind = random.Next(9);
            var isMade = kind switch
            {
                0 or 1 => LinuxMaking.MakeFolder(LinuxCalls.NoFolder, path, 0x1C0) == 0,
                2 => LinuxMaking.MakeLink([.. NameOf(random), .. random.Next(2) == 0 ? "/../x"u8 : ""u8, 0], LinuxCalls.NoFolder, path) == 0,
                3 => LinuxMaking.MakeNode(LinuxCalls.NoFolder, path, 0x1180, 0) == 0,
                4 when files.Count > 0 => LinuxMaking.NameAgain(LinuxCalls.NoFolder, files[random.Next(files.Count)], LinuxCalls.NoFolder, path, 0) == 0,
                5 when Environment.IsPrivilegedProcess => LinuxMaking.MakeNode(
                    LinuxCalls.NoFolder, path, (random.Next(2) == 0 ? 0x2000 : 0x6000) | 0x180, LinuxMaking.Number(new DeviceNumber((uint)random.Next(1 << 12), (uint)random.Next(1 << 20)))) == 0,
                _ => TryWrite(path, random),
            };
            if (isMade)
            {
                made.Add((path, kind < 2, kind == 2));
                (kind switch { 0 or 1 => folders, 2 or 3 or 5 => [], _ => files }).Add(kind < 2 ? path[..^1] : path);
            }
        }

        // From below: a time of a folder changes with what is made in it.
        foreach (var (path, isFolder, isLink) in made.AsEnumerable().Reverse())
        {
            Decorate(path, isFolder, isLink, random);
        }
    }

    /// <summary>All that is there: each entry in words, with a digest of its content.</summary>
    public static async Task<List<string>> DescribeAsync(IBackupSource source)
    {
        var described = new List<string>();
        var links = new Dictionary<string, string>();
        await foreach (var entry in source.ListAsync(default))
        {
            var content = "";
            if (entry.Kind == EntryKind.File)
            {
                await using var stream = await source.OpenReadAsync(entry, default);
                content = Convert.ToHexString(await SHA256.HashDataAsync(stream));
            }

            var unix = entry.Unix;
            var first = unix?.HardLink is { } id ? links.TryAdd(id, entry.Path) ? entry.Path : links[id] : "";
            var attributes = unix?.ExtendedAttributes.Select(attribute => $"{attribute.Name}={Convert.ToHexString(attribute.Value.Span)}") ?? [];
            described.Add(
                $"{Convert.ToHexString(PathText.BytesOf(entry.Path))} {entry.Kind} {entry.Length} {entry.LastModified:O}{unix?.Nanoseconds:D2} {Convert.ToString(unix?.Mode ?? 0, 8)} {unix?.UserId}:{unix?.GroupId} "
                + $"[{string.Join(',', attributes)}] {Convert.ToHexString(PathText.BytesOf(entry.LinkTarget))} {unix?.Device} {first} [{string.Join(',', entry.Holes)}] {entry.Unsupported} {content}");
        }

        return described;
    }

    private static byte[] NameOf(Random random)
    {
        var name = Enumerable.Range(0, random.Next(1, 5)).SelectMany(_ => Parts[random.Next(Parts.Length)]).ToArray();
        return random.Next(20) == 0 ? [.. name, .. Encoding.ASCII.GetBytes(new string('n', 250 - name.Length))] : name;
    }

    private static bool TryWrite(byte[] path, Random random)
    {
        using var exists = LinuxCalls.Open(LinuxCalls.NoFolder, path, LinuxCalls.DoNotFollow | LinuxCalls.DoNotWait);
        if (!exists.IsInvalid)
        {
            return false;
        }

        using var file = LinuxMaking.OpenToWrite(LinuxCalls.NoFolder, path, 0x180);
        if (file.IsInvalid)
        {
            return false;
        }

        var length = random.Next(4) == 0 ? 0 : random.Next(20_000);
        var content = new byte[length];
        random.NextBytes(content);
        for (var piece = random.Next(3); piece >= 0; piece--)
        {
            RandomAccess.Write(file, content, random.Next(3) == 0 ? 0 : random.Next(50) * 4096);
        }

        if (random.Next(3) == 0)
        {
            Assert.Equal(0, LinuxMaking.SetLength(file, random.Next(1 << 20)));
        }

        return true;
    }

    private static void Decorate(byte[] path, bool isFolder, bool isLink, Random random)
    {
        var isRoot = Environment.IsPrivilegedProcess;
        if (isRoot)
        {
            Assert.Equal(0, LinuxMaking.ChangeOwnerOf(LinuxCalls.NoFolder, path, (uint)random.Next(3) * 500, (uint)random.Next(3) * 4_000_000, LinuxMaking.LinkItself));
        }

        if (!isLink)
        {
            var mode = random.Next(0x1000) | (isRoot ? 0 : isFolder ? 0x1C0 : 0x100);
            Assert.Equal(0, LinuxMaking.ChangeModeOf(LinuxCalls.NoFolder, path, mode, 0));
        }

        for (var attribute = random.Next(3); attribute > 0; attribute--)
        {
            // Where the file system has none, both trees have none.
            var value = new byte[random.Next(100)];
            random.NextBytes(value);
            _ = LinuxMaking.SetAttributeOf(path, [.. random.Next(2) == 0 ? "user."u8 : "trusted."u8, .. NameOf(random).Take(20), 0], value, (nuint)value.Length, 0);
        }

        long[] times = [random.Next(), random.Next(1_000_000_000), random.NextInt64(-100_000_000, 4_000_000_000), random.Next(1_000_000_000)];
        Assert.Equal(0, LinuxMaking.SetTimesOf(LinuxCalls.NoFolder, path, times, LinuxMaking.LinkItself));
    }
}
