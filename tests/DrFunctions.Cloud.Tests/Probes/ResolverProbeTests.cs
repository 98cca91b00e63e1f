using System.Net;
using DrFunctions.Cloud.Probes;
using DrFunctions.Cloud.Tests.Probes.Dns;

namespace DrFunctions.Cloud.Tests.Probes;

public sealed class ResolverProbeTests
{
    private const string Shop = "shop.trafficmanager.net";

    [Fact]
    public async Task AskEach_ResolversOfDifferentCaches_HasTheAnswerOfEach()
    {
        await using var old = Leading("west.example", "192.0.2.1");
        await using var changed = Leading("north.example", "192.0.2.2");

        var answers = await new ResolverProbe([old.Address, changed.Address], TimeProvider.System)
            .AskEachAsync(Shop, TimeSpan.FromSeconds(10), default);

        Assert.Equal(
            [(old.Address.ToString(), "west.example", "192.0.2.1"), (changed.Address.ToString(), "north.example", "192.0.2.2")],
            answers.Select(one => (one.Resolver, one.Names.Single(), one.Address?.ToString() ?? "")));
    }

    [Fact]
    public async Task AskEach_OneIsSilentAndOneDoesNotKnowTheName_SaysSoOfEachAndNoMore()
    {
        await using var good = Leading("north.example", "192.0.2.2");
        await using var silent = new FakeResolver((_, _) => []);
        await using var ignorant = new FakeResolver(question => FakeResolver.Reply(question, 0x8183));

        var answers = await new ResolverProbe([silent.Address, ignorant.Address, good.Address], TimeProvider.System)
            .AskEachAsync(Shop, TimeSpan.FromMilliseconds(500), default);

        Assert.Equal("no DNS answer within 0.5 s", answers[0].Failure);
        Assert.Equal($"DNS says that '{Shop}' does not exist", answers[1].Failure);
        Assert.Equal((null, IPAddress.Parse("192.0.2.2")), (answers[2].Failure, answers[2].Address));
    }

    private static FakeResolver Leading(string name, string address) => new(question =>
        FakeResolver.Reply(question, 0x8180, FakeResolver.Alias(Shop, name), FakeResolver.A(name, address)));
}
