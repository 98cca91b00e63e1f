using System.Text;
using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable.Storage;

/// <summary>What every hub store must do.</summary>
public abstract class HubStoreConformance
{
    [Fact]
    public async Task Create_NewName_IsReadBackWithLabelsAndETag()
    {
        var store = await OpenAsync();

        var etag = await store.CreateAsync("instances/a", Content("one", ("status", "Running")), default);
        var found = await store.ReadAsync("instances/a", default);

        Assert.Equal("one", Text(found));
        Assert.Equal(etag, found!.ETag);
        Assert.Equal("Running", found.Labels["status"]);
    }

    [Fact]
    public async Task Create_ExistingName_ChangesNothing()
    {
        var store = await OpenAsync();
        await store.CreateAsync("a", Content("one"), default);

        Assert.Null(await store.CreateAsync("a", Content("two"), default));
        Assert.Equal("one", Text(await store.ReadAsync("a", default)));
    }

    [Fact]
    public async Task Replace_WithTheCurrentETag_Writes_WithAnOldOneDoesNot()
    {
        var store = await OpenAsync();
        var first = await store.CreateAsync("a", Content("one"), default);

        var second = await store.ReplaceAsync("a", Content("two", ("k", "v")), first!, default);
        var refused = await store.ReplaceAsync("a", Content("three"), first!, default);
        var found = await store.ReadAsync("a", default);

        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(refused);
        Assert.Equal("two", Text(found));
        Assert.Equal(second, found!.ETag);
        Assert.Equal("v", found.Labels["k"]);
    }

    [Fact]
    public async Task Replace_SameContent_StillChangesTheETag()
    {
        var store = await OpenAsync();
        var first = await store.CreateAsync("a", Content("same"), default);

        Assert.NotEqual(first, await store.ReplaceAsync("a", Content("same"), first!, default));
    }

    [Fact]
    public async Task Replace_MissingName_IsRefused()
    {
        var store = await OpenAsync();
        var etag = await store.CreateAsync("a", Content("one"), default);
        await store.DeleteAsync("a", null, default);

        Assert.Null(await store.ReplaceAsync("a", Content("two"), etag!, default));
        Assert.Null(await store.ReadAsync("a", default));
    }

    [Fact]
    public async Task Delete_ByETag_DeletesOnlyThatVersion()
    {
        var store = await OpenAsync();
        var first = await store.CreateAsync("a", Content("one"), default);
        var second = await store.ReplaceAsync("a", Content("two"), first!, default);

        Assert.False(await store.DeleteAsync("a", first, default));
        Assert.True(await store.DeleteAsync("a", second, default));
        Assert.False(await store.DeleteAsync("a", second, default));
        Assert.False(await store.DeleteAsync("a", null, default));
    }

    [Fact]
    public async Task List_ByPrefix_PagesInOrderWithLabels()
    {
        var store = await OpenAsync();
        foreach (var name in new[] { "inbox/b/2", "inbox/b/1", "inbox/a/9", "instances/x", "inbox/b_2F/1" })
        {
            await store.CreateAsync(name, Content(name, ("n", "1")), default);
        }

        var names = new List<string>();
        string? continuation = null;
        do
        {
            var page = await store.ListAsync("inbox/", continuation, 2, default);
            Assert.InRange(page.Documents.Count, 0, 2);
            Assert.All(page.Documents, document => Assert.Equal("1", document.Labels["n"]));
            names.AddRange(page.Documents.Select(document => document.Name));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.Equal(["inbox/a/9", "inbox/b/1", "inbox/b/2", "inbox/b_2F/1"], names);
        Assert.Empty((await store.ListAsync("none/", null, 2, default)).Documents);
    }

    [Fact]
    public async Task Create_RacedByMany_OneWins()
    {
        var store = await OpenAsync();

        var etags = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => store.CreateAsync("a", Content($"{i}"), default))));

        Assert.Single(etags, etag => etag is not null);
    }

    [Fact]
    public async Task EnsureCreated_Twice_IsHarmless()
    {
        var store = await OpenAsync();
        await store.CreateAsync("a", Content("one"), default);

        await store.EnsureCreatedAsync(default);

        Assert.Equal("one", Text(await store.ReadAsync("a", default)));
    }

    private protected abstract Task<IHubStore> OpenAsync();

    private static DocumentContent Content(string text, params (string Key, string Value)[] labels) =>
        new(Encoding.UTF8.GetBytes(text), labels.ToDictionary(label => label.Key, label => label.Value));

    private static string Text(StoredDocument? document) => Encoding.UTF8.GetString(document!.Body.Span);
}
