using DrFunctions.LocalRuntime.Storage;

namespace DrFunctions.LocalRuntime.Keys;

public sealed class KeyRingTests
{
    private readonly MemoryRecordStore _store = new();

    [Fact]
    public async Task Load_ByManyHostsAtOnce_GivesAllTheSameKeys()
    {
        var rings = Enumerable.Range(0, 8).Select(_ => new KeyRing(new Dictionary<string, string>(), _store, "app")).ToList();

        await Task.WhenAll(rings.Select(ring => Task.Run(() => ring.LoadAsync(CancellationToken.None))));

        Assert.All(HostKey.All, name => Assert.Single(rings.Select(ring => ring[name]).Distinct()));
        Assert.Equal(HostKey.All.Count, HostKey.All.Select(name => rings[0][name]).Distinct().Count());
        Assert.All(HostKey.All, name => Assert.True(rings[0][name].Length >= 40));
    }

    [Fact]
    public async Task Load_WithGivenKeys_PrefersThemAndDoesNotStoreThem()
    {
        var ring = new KeyRing(new Dictionary<string, string> { [HostKey.Master] = "given" }, _store, "app");

        await ring.LoadAsync(CancellationToken.None);

        Assert.Equal("given", ring[HostKey.Master]);
        var stored = await _store.ReadAsync(KeyRing.Container, "app/host.json", CancellationToken.None);
        Assert.DoesNotContain("given", stored?.Content.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OfADocumentThatLacksAKey_AddsItAndKeepsTheOthers()
    {
        await _store.TryCreateAsync(
            KeyRing.Container,
            "app/host.json",
            BinaryData.FromString("""{"masterKey":{"name":"master","value":"kept","encrypted":false},"functionKeys":[],"systemKeys":[]}"""),
            CancellationToken.None);
        var ring = new KeyRing(new Dictionary<string, string>(), _store, "app");

        await ring.LoadAsync(CancellationToken.None);

        Assert.Equal("kept", ring[HostKey.Master]);
        Assert.NotEqual("", ring[HostKey.EventGrid]);
    }

    [Fact]
    public async Task Load_OfDamagedKeys_SaysWhichBlob()
    {
        await _store.TryCreateAsync(KeyRing.Container, "app/host.json", BinaryData.FromString("{"), CancellationToken.None);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new KeyRing(new Dictionary<string, string>(), _store, "app").LoadAsync(CancellationToken.None));

        Assert.Equal(
            "The keys in azure-webjobs-secrets/app/host.json are not readable JSON: delete the blob to have new ones made", exception.Message);
    }

    [Theory]
    [InlineData("m", true)]
    [InlineData("M", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Accepts_ComparesExactly(string? presented, bool expected)
    {
        var ring = new KeyRing(HostKey.All.ToDictionary(name => name, name => name[..1]), _store, "app");

        Assert.Equal(expected, ring.Accepts(presented, HostKey.Master));
    }

    [Fact]
    public void Accepts_BeforeTheKeysAreKnown_IsUndecided()
    {
        var ring = new KeyRing(new Dictionary<string, string> { [HostKey.Master] = "m" }, _store, "app");

        Assert.True(ring.Accepts("m", HostKey.Default, HostKey.Master));
        Assert.Null(ring.Accepts("other", HostKey.Default, HostKey.Master));
        Assert.False(ring.Accepts("other", HostKey.Master));
        Assert.False(ring.Accepts(null, HostKey.Default, HostKey.Master));
    }
}
