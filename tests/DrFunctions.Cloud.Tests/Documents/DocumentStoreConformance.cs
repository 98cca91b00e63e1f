using System.Text;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>What every document store promises. Each test uses keys of its own below a random prefix.</summary>
public abstract class DocumentStoreConformance
{
    private readonly string _root = $"locks/{Guid.NewGuid():N}";

    /// <summary>The store under test; the same one for the whole test.</summary>
    protected abstract IDocumentStore Store { get; }

    [Fact]
    public async Task Read_NoDocument_IsNull() => Assert.Null(await Store.ReadAsync(Key("a"), default));

    [Fact]
    public async Task Create_NewKey_CanBeRead()
    {
        Assert.True(await Store.TryCreateAsync(Key("a"), Json("1"), default));

        Assert.Equal("1", await TextAsync("a"));
    }

    [Fact]
    public async Task Create_ExistingKey_ChangesNothing()
    {
        await Store.TryCreateAsync(Key("a"), Json("1"), default);
        var before = await Store.ReadAsync(Key("a"), default);

        Assert.False(await Store.TryCreateAsync(Key("a"), Json("2"), default));

        Assert.Equal("1", await TextAsync("a"));
        Assert.Equal(before!.ETag, (await Store.ReadAsync(Key("a"), default))!.ETag);
    }

    [Fact]
    public async Task Create_SameBytesTwice_SecondIsRefused()
    {
        Assert.True(await Store.TryCreateAsync(Key("a"), Json("1"), default));

        Assert.False(await Store.TryCreateAsync(Key("a"), Json("1"), default));
    }

    [Fact]
    public async Task Create_Empty_ReadsEmpty()
    {
        Assert.True(await Store.TryCreateAsync(Key("a"), default, default));

        Assert.Equal("", await TextAsync("a"));
    }

    [Fact]
    public async Task Create_CallersBufferReused_KeepsWhatWasWritten()
    {
        var buffer = Encoding.UTF8.GetBytes("1");
        await Store.TryCreateAsync(Key("a"), buffer, default);

        buffer[0] = (byte)'2';

        Assert.Equal("1", await TextAsync("a"));
    }

    [Fact]
    public async Task Create_Racing_OneWins()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Store.TryCreateAsync(Key("a"), Json($"{i}"), default)));

        Assert.Equal(1, won.Count(one => one));
        Assert.Equal($"{Array.IndexOf(won, true)}", await TextAsync("a"));
    }

    [Fact]
    public async Task Replace_CurrentETag_ChangesContentAndETag()
    {
        await Store.TryCreateAsync(Key("a"), Json("1"), default);
        var first = await Store.ReadAsync(Key("a"), default);

        Assert.True(await Store.TryReplaceAsync(Key("a"), Json("2"), first!.ETag, default));

        Assert.Equal("2", await TextAsync("a"));
        Assert.NotEqual(first.ETag, (await Store.ReadAsync(Key("a"), default))!.ETag);
    }

    [Fact]
    public async Task Replace_SameBytes_ChangesETag()
    {
        await Store.TryCreateAsync(Key("a"), Json("1"), default);
        var first = await Store.ReadAsync(Key("a"), default);

        Assert.True(await Store.TryReplaceAsync(Key("a"), Json("1"), first!.ETag, default));

        Assert.False(await Store.TryReplaceAsync(Key("a"), Json("1"), first.ETag, default));
    }

    [Fact]
    public async Task Replace_StaleETag_ChangesNothing()
    {
        await Store.TryCreateAsync(Key("a"), Json("1"), default);
        var first = await Store.ReadAsync(Key("a"), default);
        await Store.TryReplaceAsync(Key("a"), Json("2"), first!.ETag, default);

        Assert.False(await Store.TryReplaceAsync(Key("a"), Json("3"), first.ETag, default));

        Assert.Equal("2", await TextAsync("a"));
    }

    [Fact]
    public async Task Replace_NoDocument_IsRefused()
    {
        Assert.False(await Store.TryReplaceAsync(Key("a"), Json("1"), "\"0x8D\"", default));

        Assert.Null(await Store.ReadAsync(Key("a"), default));
    }

    [Fact]
    public async Task Replace_Racing_LosesNoIncrement()
    {
        await Store.TryCreateAsync(Key("a"), Json("0"), default);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var done = 0; done < 5;)
            {
                var current = await Store.ReadAsync(Key("a"), default);
                var next = int.Parse(Encoding.UTF8.GetString(current!.Content.Span), provider: null) + 1;
                done += await Store.TryReplaceAsync(Key("a"), Json($"{next}"), current.ETag, default) ? 1 : 0;
            }
        }));

        Assert.Equal("20", await TextAsync("a"));
    }

    [Fact]
    public async Task Delete_CurrentETag_IsGoneAndStaysGone()
    {
        await Store.TryCreateAsync(Deletable("a"), Json("1"), default);
        var document = await Store.ReadAsync(Deletable("a"), default);

        Assert.True(await Store.TryDeleteAsync(Deletable("a"), document!.ETag, default));

        Assert.Null(await Store.ReadAsync(Deletable("a"), default));
        Assert.True(await Store.TryDeleteAsync(Deletable("a"), document.ETag, default));
    }

    [Fact]
    public async Task Delete_AnyETag_IsGoneAndStaysGone()
    {
        await Store.TryCreateAsync(Deletable("a"), Json("1"), default);

        Assert.True(await Store.TryDeleteAsync(Deletable("a"), null, default));

        Assert.Null(await Store.ReadAsync(Deletable("a"), default));
        Assert.True(await Store.TryDeleteAsync(Deletable("a"), null, default));
    }

    [Fact]
    public async Task Delete_StaleETag_ChangesNothing()
    {
        await Store.TryCreateAsync(Deletable("a"), Json("1"), default);
        var first = await Store.ReadAsync(Deletable("a"), default);
        await Store.TryReplaceAsync(Deletable("a"), Json("2"), first!.ETag, default);

        Assert.False(await Store.TryDeleteAsync(Deletable("a"), first.ETag, default));

        Assert.NotNull(await Store.ReadAsync(Deletable("a"), default));
    }

    [Fact]
    public async Task List_Prefix_GivesItsKeysInOrdinalOrder()
    {
        string[] names = ["b", "a/2", "a/10", "a-1", "aB", "ab", "a", "a/1/x", "a.b", "_c"];
        foreach (var name in names)
        {
            await Store.TryCreateAsync(Key(name), Json("1"), default);
        }

        Assert.Equal(names.Select(Key).Order(StringComparer.Ordinal), await Store.ListAsync(_root, default).ToListAsync());
        Assert.Equal([Key("a/1/x"), Key("a/10"), Key("a/2")], await Store.ListAsync(Key("a/"), default).ToListAsync());
        Assert.Empty(await Store.ListAsync(Key("z"), default).ToListAsync());
    }

    [Fact]
    public async Task ListVersions_Prefix_GivesTheETagsThatReadsGive()
    {
        foreach (var name in new[] { "a", "b", "other" })
        {
            await Store.TryCreateAsync(Key(name), Json("1"), default);
        }

        var first = await Store.ReadAsync(Key("a"), default);
        await Store.TryReplaceAsync(Key("a"), Json("2"), first!.ETag, default);

        var listed = await Store.ListVersionsAsync(_root, default).ToListAsync();

        Assert.Equal([Key("a"), Key("b"), Key("other")], listed.Select(one => one.Key));
        foreach (var (key, etag) in listed)
        {
            Assert.Equal((await Store.ReadAsync(key, default))!.ETag, etag);
        }
    }

    [Fact]
    public async Task Key_WithCharactersThatUrlsReserve_IsKept()
    {
        var key = Key("2026-11-22T06:00:00+00:00 a&b=c%20d#e?f~ä");

        Assert.True(await Store.TryCreateAsync(key, Json("1"), default));

        Assert.NotNull(await Store.ReadAsync(key, default));
        Assert.Equal([key], await Store.ListAsync(_root, default).ToListAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a/../b")]
    [InlineData("a/b.")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public async Task Key_Malformed_IsRefused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReadAsync(key, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryCreateAsync(key, Json("1"), default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryReplaceAsync(key, Json("1"), "\"1\"", default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryDeleteAsync(key, "\"1\"", default));
    }

    [Fact]
    public async Task EveryCall_Cancelled_SaysSo()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadAsync(Key("a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.TryCreateAsync(Key("a"), Json("1"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.TryReplaceAsync(Key("a"), Json("1"), "\"1\"", cancelled));
    }

    protected static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    private string Key(string name) => $"{_root}/{name}";

    /// <summary>A key that is not mirrored; mirrored documents are never deleted.</summary>
    private string Deletable(string name) => $"schedules/{_root}/{name}";

    private async Task<string?> TextAsync(string name) =>
        await Store.ReadAsync(Key(name), default) is { } document ? Encoding.UTF8.GetString(document.Content.Span) : null;
}
