using System.Collections.Concurrent;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Packs;

public sealed class ChunkWriterTests
{
    private readonly MemoryRepository objects = new();

    [Fact]
    public async Task AddAsync_ManyChunks_AllAreReadBackByAnyoneAfterTheFlush()
    {
        using var repository = await Opened.CreateAsync(objects);
        var contents = Contents(300);

        var ids = await WriteAsync(repository, contents);

        await AssertReadAsync(repository, ids, contents);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var packs = await ObjectsAsync(objects, "packs/");
        Assert.InRange(packs.Count, 10, 100);
        Assert.All(packs, pack => Assert.InRange(pack.Length, 1, Opened.PackLength));
        Assert.Single(await ObjectsAsync(objects, "indexes/"));
    }

    [Fact]
    public async Task AddAsync_WhatIsThere_WritesNothing()
    {
        using var repository = await Opened.CreateAsync(objects);
        var contents = Contents(50);
        var first = await WriteAsync(repository, contents);
        var before = (await ObjectsAsync(objects)).Count;

        var second = await WriteAsync(repository, contents);

        Assert.Equal(first, second);
        Assert.Equal(before, (await ObjectsAsync(objects)).Count);
    }

    [Fact]
    public async Task AddAsync_OneChunkByManyAtOnce_IsStoredOnce()
    {
        using var repository = await Opened.CreateAsync(objects);
        var content = Bytes.Of(4000, seed: 1);

        await WriteAsync(repository, Enumerable.Repeat(content, 200).ToArray());

        var pack = Assert.Single(await ObjectsAsync(objects, "packs/"));
        Assert.InRange(pack.Length, 4000, 4200);
    }

    [Fact]
    public async Task AddAsync_DataAndManifests_ShareNoPack()
    {
        using var repository = await Opened.CreateAsync(objects);
        var index = await RepositoryIndex.OpenAsync(repository, default);
        await using var writer = new ChunkWriter(repository, index);
        var data = await writer.AddAsync(ChunkKind.Data, Bytes.Of(100, seed: 1), default);
        var manifest = await writer.AddAsync(ChunkKind.Manifest, Bytes.Of(100, seed: 2), default);
        await writer.FlushAsync(default);

        Assert.NotEqual((await index.FindAsync(data, default))?.Pack.Id, (await index.FindAsync(manifest, default))?.Pack.Id);
    }

    /// <summary>Packs, then the index: what it names is durable before it begins.</summary>
    [Fact]
    public async Task FlushAsync_Order_PacksBeforeTheIndexThatNamesThem()
    {
        using var made = await Opened.CreateAsync(objects);
        var log = new LoggedWrites(objects);
        using var repository = await Opened.OpenAsync(log);
        await WriteAsync(repository, Contents(100));

        var keys = log.Ended.ToArray();

        Assert.StartsWith("indexes/", keys[^1], StringComparison.Ordinal);
        Assert.All(keys[..^1], key => Assert.StartsWith("packs/", key, StringComparison.Ordinal));
        Assert.Equal(keys[^1], log.Begun.Last());
    }

    [Fact]
    public async Task AddAsync_UploadFails_SaysSoToWhoeverComesNext()
    {
        using var made = await Opened.CreateAsync(objects);
        var faulty = new FaultyRepository(objects, dieAtWrite: 3);
        using var repository = await Opened.OpenAsync(faulty);

        var error = await Assert.ThrowsAsync<BackupException>(() => WriteAsync(repository, Contents(500)));

        Assert.Equal("died", error.Message);
        Assert.Empty(await ObjectsAsync(objects, "indexes/"));
    }

    /// <summary>Killed before and after every write: what an index names is there, and the next writer uploads only what is not.</summary>
    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task FlushAsync_KilledAtEveryWrite_TheNextUploadsOnlyWhatIsNotThere(Death death)
    {
        using var made = await Opened.CreateAsync(objects);
        var contents = Contents(200);
        var writes = 0;
        while (true)
        {
            var inner = await Opened.CloneAsync(objects);
            using (var dying = await Opened.OpenAsync(new FaultyRepository(inner, writes + 1, death)))
            {
                if (await Record.ExceptionAsync(() => WriteAsync(dying, contents)) is not { } died)
                {
                    break; // It has no more writes than were tried.
                }

                Assert.Equal("died", died.Message);
                writes++;
            }

            var durable = (await ObjectsAsync(inner, "packs/")).Count;
            var again = new FaultyRepository(inner);
            using var repository = await Opened.OpenAsync(again);
            var ids = await WriteAsync(repository, contents);
            var packs = (await ObjectsAsync(inner, "packs/")).Count;

            Assert.Equal(contents.Length, await ChunksInPacksAsync(repository));
            Assert.InRange(again.Writes, packs - durable, packs - durable + 1);
            await AssertReadAsync(repository, ids, contents);
        }

        Assert.InRange(writes, 8, 40);
    }

    /// <summary>Chunks of all packs; one that was uploaded twice counts twice.</summary>
    internal static async Task<int> ChunksInPacksAsync(OpenedRepository repository)
    {
        var chunks = 0;
        await UnindexedPacks.ReadAsync(
            repository,
            new HashSet<string>(),
            (_, entries) =>
            {
                chunks += entries.Count;
                return Task.CompletedTask;
            },
            error => throw error,
            default);
        return chunks;
    }

    internal static byte[][] Contents(int count) =>
        [.. Enumerable.Range(0, count).Select(number => number % 3 == 0 ? [.. Enumerable.Repeat((byte)number, 3000), (byte)(number >> 8)] : Bytes.Of(1 + (number * 131 % 4000), number))];

    internal static async Task<ChunkId[]> WriteAsync(OpenedRepository repository, byte[][] contents)
    {
        var index = await RepositoryIndex.OpenAsync(repository, default);
        await using var writer = new ChunkWriter(repository, index);
        writer.Take(await index.AdoptAsync(default));
        var ids = await Task.WhenAll(contents.Select(content => Task.Run(async () => await writer.AddAsync(ChunkKind.Data, content, default))));
        await writer.FlushAsync(default);
        return ids;
    }

    internal static async Task AssertReadAsync(OpenedRepository repository, ChunkId[] ids, byte[][] contents)
    {
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, default));
        var read = new ConcurrentDictionary<int, byte[]>();
        await fetch.ReadAsync(ids, (number, content) => Assert.True(read.TryAdd(number, content.ToArray())), (_, error) => throw error, default);

        Assert.Equal(contents.Length, read.Count);
        Assert.All(contents.Index(), item => Assert.Equal(item.Item, read[item.Index]));
    }

    private sealed class LoggedWrites(IRepository inner) : IRepository
    {
        public ConcurrentQueue<string> Begun { get; } = [];

        public ConcurrentQueue<string> Ended { get; } = [];

        public string Description => inner.Description;

        public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            Begun.Enqueue(key);
            await Task.Yield();
            var created = await inner.TryCreateAsync(key, content, cancellationToken);
            Ended.Enqueue(key);
            return created;
        }

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

        public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) =>
            inner.ReadAsync(key, offset, target, cancellationToken);

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
