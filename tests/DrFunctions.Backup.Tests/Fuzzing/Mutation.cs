using System.Buffers.Binary;
using System.Text;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Tests.Fuzzing;

/// <summary>Changes one object of a repository, by a seed: its bytes as they lie there, or, as only who has the keys can, what is sealed in it.</summary>
internal static class Mutation
{
    private static readonly int[] Numbers = [int.MaxValue, int.MinValue, -1, 0, 1, 0x10000, 0x7FFFFF00, 257];

    /// <summary>Changes an object and says what was done.</summary>
    public static async Task<string> ApplyAsync(OpenedRepository repository, Random random)
    {
        var all = await Transfers.Backups.ObjectsAsync(repository.Objects);
        var kinds = all.Select(item => item.Key.Split('/')[0]).Distinct().Order(StringComparer.Ordinal).ToList();
        var kind = kinds[random.Next(kinds.Count)];
        var candidates = all.Where(item => item.Key.Split('/')[0] == kind).OrderBy(item => item.Key, StringComparer.Ordinal).ToList();
        var key = candidates[random.Next(candidates.Count)].Key;
        var content = await Transfers.Backups.ReadAsync(repository.Objects, key);
        var isSealed = content.AsSpan().StartsWith("DRFB"u8);
        var (how, changed) = isSealed && random.Next(3) > 0 ? await ResealAsync(repository, content, random) : Plain(content, random);

        // Who has the keys gives packs and indexes the names that their bytes have.
        var name = how.StartsWith("sealed", StringComparison.Ordinal) && kind == "packs" ? new PackId(Sha256Digest.Of(changed)).Key
            : how.StartsWith("sealed", StringComparison.Ordinal) && kind == "indexes" ? RepositoryIndex.KeyOf(Sha256Digest.Of(changed))
            : key;
        await repository.Objects.DeleteAsync(key, default);
        await repository.Objects.ReplaceAsync(name, changed, default);
        return $"{key}: {how}";
    }

    private static (string How, byte[] Content) Plain(byte[] content, Random random) => random.Next(6) switch
    {
        0 => ("cut off", content[..random.Next(content.Length)]),
        1 => ("longer", [.. content, .. Testing.Backups.Bytes.Of(random.Next(1, 100), random.Next())]),
        2 => ("empty", []),
        3 => ("spliced", [.. content.AsSpan(0, random.Next(content.Length)), .. content.AsSpan(random.Next(content.Length))]),
        4 => ("a number", WithNumber(content, random)),
        _ => ("bits", WithBits(content, random)),
    };

    private static async Task<(string How, byte[] Content)> ResealAsync(OpenedRepository repository, byte[] content, Random random)
    {
        var opened = await SealedObject.OpenAsync(repository.Keys, (SealedKind)content[4], new MemoryContent("fuzzed", content), default);
        var directory = opened.Directory.ToArray();
        var (how, changed) = directory.AsSpan().StartsWith("{"u8) ? Json(directory, random) : Plain(directory, random);
        var tail = new byte[changed.Length + SealedFormat.TagLength + SealedFormat.FooterLength];
        changed.CopyTo(tail, 0);
        using var cipher = opened.CreateCipher(repository.Keys);
        SealedFormat.Seal(cipher, SealedFormat.DirectoryRecord, tail.AsSpan(0, changed.Length), tail.AsSpan(changed.Length, SealedFormat.TagLength));
        BinaryPrimitives.WriteInt32BigEndian(tail.AsSpan(^SealedFormat.FooterLength..), changed.Length + SealedFormat.TagLength);
        SealedFormat.EndMagic.CopyTo(tail.AsSpan(^4..));
        return ($"sealed directory {how}", [.. content.AsSpan(0, (int)opened.RecordsEnd), .. tail]);
    }

    private static (string How, byte[] Content) Json(byte[] content, Random random)
    {
        var text = Encoding.UTF8.GetString(content);
        var numbers = new[] { "9223372036854775807", "-1", "1e400", "null", "\"x\"", "[]", "{}", "2147483648" };
        return random.Next(4) switch
        {
            0 => ("nested", Encoding.UTF8.GetBytes(new string('[', random.Next(1, 100_000)))),
            1 => ("a value", Encoding.UTF8.GetBytes(ReplaceValue(text, numbers[random.Next(numbers.Length)], random))),
            2 => ("a name twice", Encoding.UTF8.GetBytes(text[..^1] + "," + text[1..])),
            _ => Plain(content, random),
        };
    }

    // In the place of what is behind one of the colons, up to the next comma or brace.
    private static string ReplaceValue(string text, string value, Random random)
    {
        var colons = text.Index().Where(item => item.Item == ':').Select(item => item.Index).ToList();
        var at = colons[random.Next(colons.Count)] + 1;
        var end = text.IndexOfAny([',', '}'], at);
        return text[..at] + value + text[end..];
    }

    private static byte[] WithNumber(byte[] content, Random random)
    {
        var changed = content.ToArray();
        if (changed.Length >= 4)
        {
            // Counts stand at the beginning, lengths anywhere.
            var at = random.Next(2) == 0 ? random.Next(Math.Min(12, changed.Length - 3)) : random.Next(changed.Length - 3);
            BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(at), Numbers[random.Next(Numbers.Length)]);
        }

        return changed;
    }

    private static byte[] WithBits(byte[] content, Random random)
    {
        var changed = content.ToArray();
        for (var count = random.Next(1, 9); count > 0 && changed.Length > 0; count--)
        {
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        }

        return changed;
    }
}
