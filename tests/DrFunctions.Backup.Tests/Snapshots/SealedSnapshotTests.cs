using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Tests.Snapshots;

public sealed class SealedSnapshotTests : IDisposable
{
    private const string Name = "the object 'snapshots/s' in memory";

    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly RepositoryKeys keys = KeysOf(1);

    public void Dispose() => keys.Dispose();

    /// <summary>A snapshot as it lies in repositories: what is written here must be read for ever.</summary>
    [Fact]
    public void Write_KnownSaltAndContent_IsTheGoldenSnapshot()
    {
        var content = Some.Write(keys, salt => salt.Fill(7));

        Assert.Equal("4452464253020000", Convert.ToHexStringLower(content.Span[..8]));
        Assert.Equal("883b5ffd914b5902359d913f38ec18d0747e6496fc6a05096f769581d0230cfd", Sha256Digest.Of(content.Span).ToString());
    }

    [Fact]
    public async Task ReadAsync_WhatWasWritten_ComesBack()
    {
        var read = await ReadAsync(Some.Write(keys).ToArray());

        Assert.Equal(Some.Snapshot, read.Snapshot);
        Assert.Equal(Some.Manifest.Select(part => part.Entries), read.Manifest.Select(part => part.Entries));
        Assert.Equal(Some.Manifest.SelectMany(part => part.Lists), read.Manifest.SelectMany(part => part.Lists));
    }

    [Fact]
    public async Task ReadAsync_AnyBitFlipped_IsNoticedAndNamed()
    {
        var content = Some.Write(keys).ToArray();
        for (var bit = 0; bit < content.Length * 8; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(content));
            Assert.Contains(error.Code, new[] { BackupErrors.SnapshotDamaged, BackupErrors.FormatTooNew });
            Assert.Contains(Name, error.Message, StringComparison.Ordinal);
            content[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task ReadAsync_AnyTruncation_IsNoticed()
    {
        var content = Some.Write(keys).ToArray();
        for (var length = 0; length < content.Length; length++)
        {
            Assert.Equal(BackupErrors.SnapshotDamaged, (await Assert.ThrowsAsync<BackupException>(() => ReadAsync(content[..length]))).Code);
        }
    }

    [Fact]
    public async Task ReadAsync_AnotherSnapshotsObject_IsRefused()
    {
        var content = (Some with { Snapshot = Some.Snapshot with { Id = "other" } }).Write(keys);

        var error = await Assert.ThrowsAsync<BackupException>(() => ReadAsync(content.ToArray()));

        Assert.Equal($"The snapshot 's' cannot be read: {Name} is damaged: it is the snapshot 'other'.", error.Message);
    }

    private static SealedSnapshot Some { get; } = new(
        new Snapshot
        {
            Id = "s",
            Workload = "shop",
            Policy = "files",
            Source = "somewhere",
            Kind = SnapshotKind.Differential,
            Parent = "p",
            LastFull = "f",
            RestorePoint = Then,
            CompletedAt = Then.AddMinutes(1),
            Files = 3,
            Bytes = 1000,
            BytesAdded = 10,
            Vanished = 1,
            Unread = 2,
        },
        [new ManifestPart(4, [new ManifestChunk(new ChunkId(1, 2), 36)]), new ManifestPart(2, [new ManifestChunk(new ChunkId(3, 4), 72), new ManifestChunk(new ChunkId(5, 6), 36)])]);

    private static RepositoryKeys KeysOf(byte seed)
    {
        using var master = MasterKey.From(Enumerable.Repeat(seed, MasterKey.Length).ToArray());
        return new RepositoryKeys(master, new RepositoryId(9));
    }

    private Task<SealedSnapshot> ReadAsync(byte[] content) => SealedSnapshot.ReadAsync(keys, content, "s", Name, CancellationToken.None);
}
