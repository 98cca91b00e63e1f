using DrFunctions.Testing.Emulators;

namespace DrFunctions.LocalRuntime.Storage;

/// <summary>What every record store must do.</summary>
public abstract class RecordStoreConformance
{
    private const string Container = "conformance";

    private protected abstract IRecordStore Store { get; }

    [Fact]
    public async Task Read_WithoutRecord_IsNull()
    {
        Assert.Null(await Store.ReadAsync(Container, "absent", CancellationToken.None));
    }

    [Fact]
    public async Task Create_WhereOneIs_IsFalseAndKeepsIt()
    {
        Assert.True(await Store.TryCreateAsync(Container, "a/created", BinaryData.FromString("1"), CancellationToken.None));
        Assert.False(await Store.TryCreateAsync(Container, "a/created", BinaryData.FromString("2"), CancellationToken.None));

        Assert.Equal("1", (await Store.ReadAsync(Container, "a/created", CancellationToken.None))?.Content.ToString());
    }

    [Fact]
    public async Task Replace_AtAnotherVersion_IsFalseAndKeepsIt()
    {
        await Store.TryCreateAsync(Container, "replaced", BinaryData.FromString("1"), CancellationToken.None);
        var first = await Store.ReadAsync(Container, "replaced", CancellationToken.None);
        Assert.NotNull(first);

        Assert.True(await Store.TryReplaceAsync(Container, "replaced", BinaryData.FromString("2"), first.ETag, CancellationToken.None));
        Assert.False(await Store.TryReplaceAsync(Container, "replaced", BinaryData.FromString("3"), first.ETag, CancellationToken.None));

        Assert.Equal("2", (await Store.ReadAsync(Container, "replaced", CancellationToken.None))?.Content.ToString());
    }

    [Fact]
    public async Task Replace_WithoutRecord_IsFalse()
    {
        Assert.False(await Store.TryReplaceAsync(Container, "nothing", BinaryData.FromString("1"), "\"0x1\"", CancellationToken.None));
    }

    [Fact]
    public async Task Replace_ByManyAtOnce_SucceedsForOne()
    {
        await Store.TryCreateAsync(Container, "contended", BinaryData.FromString("0"), CancellationToken.None);
        var record = await Store.ReadAsync(Container, "contended", CancellationToken.None);
        Assert.NotNull(record);

        var won = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            Store.TryReplaceAsync(Container, "contended", BinaryData.FromString($"{i}"), record.ETag, CancellationToken.None)));

        Assert.Single(won, true);
    }
}

public sealed class MemoryRecordStoreTests : RecordStoreConformance
{
    private protected override IRecordStore Store { get; } = new MemoryRecordStore();
}

public sealed class BlobRecordStoreTests(AzuriteFixture azurite) : RecordStoreConformance, IClassFixture<AzuriteFixture>
{
    private protected override IRecordStore Store { get; } = new BlobRecordStore(azurite.Server.ServiceClient());
}
