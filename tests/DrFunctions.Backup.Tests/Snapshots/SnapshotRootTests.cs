using System.Text;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Backup.Tests.Snapshots;

/// <summary>The format as it lies in repositories: what is written here must be read for ever.</summary>
public sealed class SnapshotRootTests
{
    private const string FirstLine =
        """{"format":"drfunctions-snapshot","version":1,"id":"files-1","workload":"shop","policy":"files","source":"memory","restorePoint":"2026-01-02T03:04:05+00:00","completedAt":"2026-01-02T03:04:05+00:00","chunkSize":4194304,"files":1,"bytes":3,"vanished":0,"unread":0}""";

    private static readonly FixedClock Clock = new();

    [Fact]
    public async Task Write_OneFile_IsTheGoldenText()
    {
        var repository = new MemoryRepository(Clock);
        var files = new MemoryFiles(Clock);
        files.Write("a \"b\"/é", "abc"u8.ToArray());

        await new BackupEngine(time: Clock).BackupAsync(files, repository, new SnapshotRequest("files-1", "shop", "files"));

        const string Segment =
            """{"path":"a \"b\"/é","length":3,"modified":"2026-01-02T03:04:05+00:00","version":"1","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""" + "\n";
        var segment = Sha256Digest.Of(Encoding.UTF8.GetBytes(Segment));
        var body = FirstLine + "\n" + $$"""{"segment":"{{segment}}","length":{{Encoding.UTF8.GetByteCount(Segment)}},"entries":1}""" + "\n";
        var root = body + $$"""{"sha256":"{{Sha256Digest.Of(Encoding.UTF8.GetBytes(body))}}"}""" + "\n";
        Assert.Equal(root, await ReadAsync(repository, "snapshots/files-1"));
        Assert.Equal(Segment, await ReadAsync(repository, ChunkStore.KeyOf(segment)));
    }

    [Fact]
    public void Read_NewerVersion_SaysTooNew()
    {
        var error = Assert.Throws<BackupException>(() => SnapshotRoot.Read(Sealed(FirstLine.Replace("\"version\":1", "\"version\":2")), "files-1", "there"));

        Assert.Equal(BackupErrors.FormatTooNew, error.Code);
        Assert.Equal("The snapshot 'files-1' in there has format version 2; this program reads up to 1.", error.Message);
    }

    [Theory]
    [InlineData("\"format\":\"drfunctions-snapshot\"", "\"format\":\"other\"", "its format is 'other', not 'drfunctions-snapshot'")]
    [InlineData("\"id\":\"files-1\"", "\"id\":\"files-2\"", "it is the root of 'files-2', in chunks of 4194304 bytes")]
    [InlineData("\"workload\":\"shop\"", "\"workload\":null", "'workload' is null")]
    public void Read_SealedButWrong_SaysWhat(string right, string wrong, string expected)
    {
        var error = Assert.Throws<BackupException>(() => SnapshotRoot.Read(Sealed(FirstLine.Replace(right, wrong)), "files-1", "there"));

        Assert.Equal(BackupErrors.SnapshotDamaged, error.Code);
        Assert.Equal($"The root 'snapshots/files-1' in there is damaged: {expected}.", error.Message);
    }

    [Theory]
    [InlineData("""{"path":"a"}""")]
    [InlineData("""{"path":"a","length":-1,"modified":"2026-01-02T03:04:05Z","version":"1","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""")]
    [InlineData("""{"path":"a","length":9000000,"modified":"2026-01-02T03:04:05Z","version":"1","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""")]
    [InlineData("""{"path":"a","length":3,"modified":"2026-01-02T03:04:05Z","version":"1","sha256":"BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""")]
    [InlineData("""{"path":null,"length":3,"modified":"2026-01-02T03:04:05Z","version":"1","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void ReadSegment_WrongLine_NamesTheLine(string line)
    {
        var error = Assert.Throws<FormatException>(() => SegmentFormat.Read(Encoding.UTF8.GetBytes(line + "\n")).Count());

        Assert.StartsWith("line 1 is not an entry: ", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Sealed(string line)
    {
        var body = Encoding.UTF8.GetBytes(line + "\n");
        return [.. body, .. Encoding.UTF8.GetBytes($$"""{"sha256":"{{Sha256Digest.Of(body)}}"}""" + "\n")];
    }

    private static async Task<string> ReadAsync(MemoryRepository repository, string key)
    {
        await using var stream = await repository.OpenReadAsync(key, default) ?? throw new InvalidOperationException($"'{key}' is missing.");
        return Encoding.UTF8.GetString(await Bytes.ReadAsync(stream));
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
