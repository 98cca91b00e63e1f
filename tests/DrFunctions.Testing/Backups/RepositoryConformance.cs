using DrFunctions.Backup.Repositories;
using Xunit;

namespace DrFunctions.Testing.Backups;

/// <summary>What every <see cref="IRepository"/> does.</summary>
public abstract class RepositoryConformance
{
    private static readonly byte[] Content = [1, 2, 3];

    [Fact]
    public async Task TryCreate_NewKey_IsReadBack()
    {
        var repository = await OpenAsync();

        Assert.True(await repository.TryCreateAsync("data/aa/one", Content, default));

        Assert.Equal(Content, await ReadAsync(repository, "data/aa/one"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5 * 1024 * 1024)]
    public async Task TryCreate_AnySize_IsReadBack(int length)
    {
        var repository = await OpenAsync();
        var content = Bytes.Of(length, seed: length);

        Assert.True(await repository.TryCreateAsync("object", content, default));

        Assert.Equal(content, await ReadAsync(repository, "object"));
    }

    [Fact]
    public async Task TryCreate_ExistingKey_ChangesNothing()
    {
        var repository = await OpenAsync();
        await repository.TryCreateAsync("key", Content, default);

        Assert.False(await repository.TryCreateAsync("key", new byte[] { 9 }, default));

        Assert.Equal(Content, await ReadAsync(repository, "key"));
    }

    [Fact]
    public async Task TryCreate_TenAtOnce_OneWinsAndStays()
    {
        var repository = await OpenAsync();

        var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            (Number: i, Won: await repository.TryCreateAsync("key", Bytes.Of(1000, seed: i), default))));

        var winner = Assert.Single(created, one => one.Won);
        Assert.Equal(Bytes.Of(1000, seed: winner.Number), await ReadAsync(repository, "key"));
    }

    [Fact]
    public async Task Replace_NewAndExistingKey_ShowsTheLast()
    {
        var repository = await OpenAsync();

        await repository.ReplaceAsync("key", new byte[] { 9, 9, 9, 9 }, default);
        await repository.ReplaceAsync("key", Content, default);

        Assert.Equal(Content, await ReadAsync(repository, "key"));
    }

    [Fact]
    public async Task Replace_WhileRead_ReadersSeeOneVersionWhole()
    {
        var repository = await OpenAsync();
        var versions = Enumerable.Range(0, 4).Select(i => Bytes.Of(300_000, seed: i)).ToArray();
        await repository.ReplaceAsync("key", versions[0], default);

        var writing = Task.Run(async () =>
        {
            foreach (var version in versions)
            {
                await repository.ReplaceAsync("key", version, default);
            }
        });
        while (!writing.IsCompleted)
        {
            var seen = await ReadAsync(repository, "key");
            Assert.Contains(versions, version => version.AsSpan().SequenceEqual(seen));
        }

        await writing;
    }

    [Fact]
    public async Task OpenRead_MissingKey_IsNull() => Assert.Null(await (await OpenAsync()).OpenReadAsync("data/none", default));

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(0, 1000, 1000)]
    [InlineData(0, 2000, 1000)]
    [InlineData(990, 10, 10)]
    [InlineData(990, 11, 10)]
    [InlineData(1000, 1, 0)]
    [InlineData(5_000_000_000, 3, 0)]
    public async Task Read_Piece_HasWhatTheObjectHasThere(long offset, int length, int expected)
    {
        var repository = await OpenAsync();
        var content = Bytes.Of(1000, seed: 5);
        await repository.TryCreateAsync("data/object", content, default);
        var target = new byte[length];

        Assert.Equal(expected, await repository.ReadAsync("data/object", offset, target, default));

        Assert.Equal(content.Skip((int)Math.Min(offset, 1000)).Take(expected), target.Take(expected));
        Assert.All(target.Skip(expected), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Read_EmptyObject_HasNothing()
    {
        var repository = await OpenAsync();
        await repository.TryCreateAsync("empty", default, default);

        Assert.Equal(0, await repository.ReadAsync("empty", 0, new byte[1], default));
    }

    [Fact]
    public async Task Read_MissingKey_IsNull() => Assert.Null(await (await OpenAsync()).ReadAsync("data/none", 0, new byte[1], default));

    [Fact]
    public async Task Read_NoPiece_IsRefused()
    {
        var repository = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => repository.ReadAsync("key", -1, new byte[1], default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => repository.ReadAsync("key", 0, default, default));
    }

    [Fact]
    public async Task List_BeforeAnyWrite_IsEmpty() => Assert.Empty(await ListAsync(await OpenAsync(), ""));

    [Fact]
    public async Task List_Prefix_HasKeysAndLengths()
    {
        var repository = await OpenAsync();
        await repository.TryCreateAsync("data/aa/1", Content, default);
        await repository.TryCreateAsync("data/ab/2", new byte[7], default);
        await repository.TryCreateAsync("snapshots/s", Content, default);

        var listed = await ListAsync(repository, "data/");

        Assert.Equal([("data/aa/1", 3L), ("data/ab/2", 7L)], listed.Select(item => (item.Key, item.Length)).Order());
        Assert.All(listed, item => Assert.InRange(item.WrittenAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5)));
        Assert.Equal(["data/ab/2"], (await ListAsync(repository, "data/ab")).Select(item => item.Key));
    }

    [Fact]
    public async Task Delete_ExistingThenMissing_TellsWhich()
    {
        var repository = await OpenAsync();
        await repository.TryCreateAsync("key", Content, default);

        Assert.True(await repository.DeleteAsync("key", default));
        Assert.False(await repository.DeleteAsync("key", default));
        Assert.Null(await repository.OpenReadAsync("key", default));
        Assert.True(await repository.TryCreateAsync("key", Content, default));
    }

    [Fact]
    public async Task Delete_OfAVersion_RemovesNoOtherOne()
    {
        var repository = await OpenAsync();
        await repository.TryCreateAsync("data/key", Content, default);
        var first = Assert.Single(await ListAsync(repository, "data/")).Version;
        await repository.ReplaceAsync("data/key", Content, default);
        var second = Assert.Single(await ListAsync(repository, "data/")).Version;

        Assert.False(await repository.DeleteAsync("data/key", first, default));
        Assert.Equal(Content, await ReadAsync(repository, "data/key"));
        Assert.True(await repository.DeleteAsync("data/key", second, default));
        Assert.False(await repository.DeleteAsync("data/key", second, default));
        Assert.Null(await repository.OpenReadAsync("data/key", default));

        // Written again with the same bytes it is another one all the same.
        Assert.True(await repository.TryCreateAsync("data/key", Content, default));
        Assert.False(await repository.DeleteAsync("data/key", second, default));
        Assert.Equal(Content, await ReadAsync(repository, "data/key"));
        Assert.False(await repository.DeleteAsync("data/none", second, default));
    }

    [Fact]
    public async Task Delete_OfAVersionBesideReplacements_RemovesNoneOfThem()
    {
        const int Rounds = 30;
        var repository = await OpenAsync();
        await repository.ReplaceAsync("key", new byte[] { 0 }, default);
        var old = Assert.Single(await ListAsync(repository, "key")).Version;
        var removed = 0;

        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (byte round = 1; round <= Rounds; round++)
                {
                    await repository.ReplaceAsync("key", new byte[] { round }, default);
                }
            }),
            Task.Run(async () =>
            {
                for (var round = 1; round <= Rounds; round++)
                {
                    removed += await repository.DeleteAsync("key", old, default) ? 1 : 0;
                }
            }));

        Assert.InRange(removed, 0, 1);
        Assert.Equal([Rounds], await ReadAsync(repository, "key"));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a/.hidden")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    public async Task EveryMethod_InvalidKey_NamesIt(string key)
    {
        var repository = await OpenAsync();

        var errors = new[]
        {
            await Assert.ThrowsAsync<ArgumentException>(() => repository.TryCreateAsync(key, Content, default)),
            await Assert.ThrowsAsync<ArgumentException>(() => repository.ReplaceAsync(key, Content, default)),
            await Assert.ThrowsAsync<ArgumentException>(() => repository.OpenReadAsync(key, default)),
            await Assert.ThrowsAsync<ArgumentException>(() => repository.ReadAsync(key, 0, new byte[1], default)),
            await Assert.ThrowsAsync<ArgumentException>(() => repository.DeleteAsync(key, default)),
            await Assert.ThrowsAsync<ArgumentException>(() => repository.DeleteAsync(key, "version", default)),
        };

        Assert.All(errors, error => Assert.StartsWith($"'{key}' is not a key", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TryCreate_CancelledBefore_WritesNothing()
    {
        var repository = await OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => repository.TryCreateAsync("key", Content, new CancellationToken(canceled: true)));

        Assert.Null(await repository.OpenReadAsync("key", default));
    }

    /// <summary>A repository that nobody has written to.</summary>
    protected abstract Task<IRepository> OpenAsync();

    private static async Task<byte[]> ReadAsync(IRepository repository, string key)
    {
        await using var stream = await repository.OpenReadAsync(key, default);
        return await Bytes.ReadAsync(Assert.IsType<Stream>(stream, exactMatch: false));
    }

    private static async Task<List<RepositoryObject>> ListAsync(IRepository repository, string prefix)
    {
        var found = new List<RepositoryObject>();
        await foreach (var item in repository.ListAsync(prefix, default))
        {
            found.Add(item);
        }

        return found;
    }
}
