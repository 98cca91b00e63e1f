using System.Globalization;
using System.Text;

namespace DrFunctions.Cli.Demo;

/// <summary>A web shop's files, made from a seed: the same size makes the same bytes everywhere.</summary>
internal static class SampleData
{
    private const int Seed = 20260;
    private const int Block = 1 << 20;

    // What one helping of the shop looks like; helpings repeat until there is enough.
    private static readonly (string Pattern, int Length, bool IsText)[] Helping =
    [
        ("media/film-{0:000}.mp4", 24_000_000, false),
        ("media/photo-{0:000}-a.jpg", 3_400_000, false),
        ("media/photo-{0:000}-b.jpg", 2_900_001, false),
        ("exports/orders-{0:000}.csv", 8_000_000, true),
        ("catalog/page-{0:000}.json", 700_123, true),
        ("catalog/thumb-{0:000}.webp", 48_017, false),
        ("invoices/2026/{0:000}.pdf", 90_500, false),
        ("notes/Grüße & more {0:000}.txt", 1_021, true),
        ("flags/{0:000}.empty", 0, false),
        ("flags/{0:000}.one", 1, false),
    ];

    /// <summary>Writes the files into an empty directory.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="bytes">How much in all, at least.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteAsync(string directory, long bytes, CancellationToken cancellationToken)
    {
        var random = new Random(Seed);
        var left = bytes;
        for (var helping = 0; left > 0; helping++)
        {
            foreach (var (pattern, length, isText) in Helping)
            {
                var take = (int)Math.Min(length, Math.Max(left, 0));
                var path = Path.Combine(directory, string.Format(CultureInfo.InvariantCulture, pattern, helping));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!); // a file's path has a directory
                await WriteAsync(path, take, isText, random, cancellationToken);
                left -= take;
            }
        }
    }

    private static async Task WriteAsync(string path, int length, bool isText, Random random, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        var buffer = new byte[Math.Min(Block, Math.Max(length, 1))];
        for (var left = length; left > 0;)
        {
            var part = buffer.AsMemory(0, Math.Min(left, buffer.Length));
            Fill(part.Span, isText, random);
            await file.WriteAsync(part, cancellationToken);
            left -= part.Length;
        }
    }

    private static void Fill(Span<byte> part, bool isText, Random random)
    {
        if (!isText)
        {
            random.NextBytes(part);
            return;
        }

        while (!part.IsEmpty)
        {
            var line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{random.Next(100_000):00000};2026-{random.Next(1, 13):00}-{random.Next(1, 29):00};shipped;EUR {random.Next(100_000) / 100m:0.00}\n"));
            var take = Math.Min(line.Length, part.Length);
            line.AsSpan(0, take).CopyTo(part);
            part = part[take..];
        }
    }
}
