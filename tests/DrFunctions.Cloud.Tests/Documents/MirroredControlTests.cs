using DrFunctions.Cloud.Documents;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>An app that does not know yet that the other one, whose account its mirror is, has taken over.</summary>
public sealed class MirroredControlTests
{
    private const string Key = "workloads/shop";
    private readonly MemoryDocumentStore _west = new();
    private readonly MemoryDocumentStore _north = new();
    private readonly MovableTime _time = new();

    [Fact]
    public async Task Replace_ByAnAppThatWasTakenOverFromAMomentAgo_LeavesTheMirrorAsTheOtherOneWroteIt()
    {
        var (store, north) = await TakenOverAsync();
        Assert.True(await _north.TryReplaceAsync(Key, "\"north\""u8.ToArray(), (await _north.ReadAsync(Key, default))!.ETag, default));

        var refused = await Assert.ThrowsAsync<RecoveryException>(async () =>
            await store.TryReplaceAsync(Key, "\"late\""u8.ToArray(), (await store.ReadAsync(Key, default))!.ETag, default));

        Assert.Equal("ControlElsewhere", refused.Code);
        Assert.Equal("\"north\""u8.ToArray(), (await _north.ReadAsync(Key, default))!.Content.ToArray());
        await Assert.ThrowsAsync<RecoveryException>(() => store.CatchUpAsync(default)); // the mark is there, and so is the newer document
        Assert.Equal("\"north\""u8.ToArray(), (await _north.ReadAsync(Key, default))!.Content.ToArray());
        Assert.Equal("https://north/", north.Account);
    }

    // The first app was in control a moment ago, and its documents are in both accounts.
    private async Task<(MirroredDocumentStore Store, ControlTerm Term)> TakenOverAsync()
    {
        var first = new ControlAuthority(new ControlIdentity("https://west/", "west", false, null), Replicas(_west, _north), _time);
        var second = new ControlAuthority(new ControlIdentity("https://north/", "north", true, null), Replicas(_north, _west), _time);
        var store = new MirroredDocumentStore(
            _west, _north, MirroredKeys.Contains, _time, NullLogger<MirroredDocumentStore>.Instance, first.RequireNowAsync);
        await first.RequireAsync(default);
        Assert.True(await store.TryCreateAsync(Key, "\"first\""u8.ToArray(), default));
        var told = await second.TellAsync("north", "silence", default);
        var term = await second.BeginAsync(told, "north", "silence", ControlFence.Told, default);
        await first.RequireAsync(default); // it has not looked again
        return (store, term);
    }

    private static DocumentReplicas Replicas(IDocumentStore own, IDocumentStore other) => new([new("control", own), new("mirror", other)]);
}
