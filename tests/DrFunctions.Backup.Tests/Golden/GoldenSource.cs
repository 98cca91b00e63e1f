using System.Runtime.CompilerServices;
using System.Text;
using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Backup.Tests.Golden;

/// <summary>What the golden repository has two snapshots of: every kind of entry, every codec, a file of several chunks, one with holes.</summary>
/// <param name="isSecond">Whether it is as the second snapshot shows it.</param>
internal sealed class GoldenSource(bool isSecond) : IBackupSource
{
    /// <summary>What is stored by Brotli.</summary>
    public static byte[] BrotliContent { get; } = Text("brotli", 900);

    public string Description => "golden";

    /// <summary>All entries, by the bytes of their paths.</summary>
    public IReadOnlyList<SourceEntry> Entries { get; } =
    [
        Entry("/", 0, "") with { Kind = EntryKind.Folder, Unix = new UnixAttributes { Mode = 0x1ED, UserId = 1000, GroupId = 100, UserName = "ann", GroupName = "users" } },
        Entry("brotli.txt", BrotliContent.Length, "b1"),
        Entry("empty", 0, "e1") with { Unix = new UnixAttributes { Mode = 0x1A4, Nanoseconds = 123_456_789 } },
        Entry("folder/", 0, "") with
        {
            Kind = EntryKind.Folder,
            Unix = new UnixAttributes { Mode = 0x3FF, ExtendedAttributes = [new AttributeValue("user.note", "hello"u8.ToArray())] },
        },
        Entry("folder/blob", Random.Length, "\"0x8DC\"") with
        {
            Headers = new Dictionary<string, string> { ["Content-Type"] = "text/plain", ["Cache-Control"] = "no-cache" },
            Metadata = new Dictionary<string, string> { ["owner"] = "ann", ["note"] = "ä \"quoted\"" },
        },
        Entry("folder/pipe", 0, "") with { Kind = EntryKind.Pipe, Unix = new UnixAttributes { Mode = 0x180 } },
        Entry("holes", 10_000, "h1") with { Holes = [new Hole(0, 4000), new Hole(5000, 3000)] },
        Entry("link", 0, "") with { Kind = EntryKind.SymbolicLink, LinkTarget = "folder/blob" },
        Entry("long", LongText.Length, "l1"),
        Entry("odd \uDCFF name", 3, "o1"),
        Entry("text", 3000, isSecond ? "t2" : "t1") with { Unix = new UnixAttributes { Mode = 0x1A4, HardLink = "7" } },
    ];

    private static byte[] Random { get; } = Bytes.Of(2000, seed: 7);

    private static byte[] LongText { get; } = [.. Bytes.Of(9000, seed: 8), .. Text("long", 9000)];

    /// <summary>A file's content, without its holes.</summary>
    public byte[] ContentOf(string path) => path switch
    {
        "brotli.txt" => BrotliContent,
        "folder/blob" => Random,
        "holes" => Bytes.Of(3000, seed: 9),
        "long" => LongText,
        "text" => Text(isSecond ? "second" : "first", 3000),
        _ => path.StartsWith("odd", StringComparison.Ordinal) ? [1, 2, 3] : [],
    };

    public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var entry in Entries)
        {
            yield return entry;
        }
    }

    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Entries.FirstOrDefault(entry => entry.Path == path));

    public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(ContentOf(entry.Path)));

    private static SourceEntry Entry(string path, long length, string version) => new()
    {
        Path = path,
        Length = length,
        LastModified = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Version = version,
    };

    private static byte[] Text(string word, int length)
    {
        var text = new StringBuilder();
        for (var number = 0; text.Length < length; number++)
        {
            text.Append(word).Append(' ').Append(number * number % 97).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString())[..length];
    }
}
