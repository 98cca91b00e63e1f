using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Routing;

public sealed class ProfileClaimsTests
{
    private static readonly ResourceId s_profile =
        ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/shop");

    private readonly RecoveryScene _scene = new();

    private ProfileClaims Claims => new(_scene.Documents, _scene.Locks);

    [Fact]
    public async Task Take_ByAnotherRunThatHoldsItsLock_IsRefusedAndNamesTheHolder()
    {
        var first = _scene.Request();
        await _scene.Locks.TakeAsync(first, default);
        await Claims.TakeAsync(s_profile, first, default);
        await Claims.TakeAsync(s_profile, first, default);

        var other = ResourceId.Parse(s_profile.Value.ToUpperInvariant());
        var failure = await Assert.ThrowsAsync<RecoveryException>(() =>
            Claims.TakeAsync(other, first with { RunId = "store-run-1", Workload = "store" }, default));

        Assert.Equal(("ProfileClaimed", true), (failure.Code, failure.IsTransient));
        Assert.Contains("'shop-run-1' of 'shop'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_AfterItWasGivenBack_IsFree()
    {
        var first = _scene.Request();
        await _scene.Locks.TakeAsync(first, default);
        await Claims.TakeAsync(s_profile, first, default);
        await Claims.ReleaseAsync(s_profile, first with { RunId = "shop-run-2" }, default);
        await Claims.ReleaseAsync(s_profile, first, default);
        await Claims.ReleaseAsync(s_profile, first, default);

        await Claims.TakeAsync(s_profile, first with { RunId = "store-run-1", Workload = "store" }, default);
    }

    [Fact]
    public async Task Take_OfARunThatLostItsLock_TakesItOver()
    {
        var first = _scene.Request();
        await _scene.Locks.TakeAsync(first, default);
        await Claims.TakeAsync(s_profile, first, default);
        await _scene.Locks.ReleaseAsync("shop", first.RunId, note: null, default);

        var second = first with { RunId = "store-run-1", Workload = "store" };
        await Claims.TakeAsync(s_profile, second, default);
        await Claims.ReleaseAsync(s_profile, first, default);

        await _scene.Locks.TakeAsync(second, default);
        Assert.Equal("ProfileClaimed", (await Assert.ThrowsAsync<RecoveryException>(() => Claims.TakeAsync(s_profile, first with { RunId = "x" }, default))).Code);
    }
}
