using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Tests.Steps.Commands;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Tests.Fences;

public sealed class FenceCatalogTests
{
    private static readonly WorkloadPlan s_plan = FenceScene.Plan(FenceScene.Orders, FenceScene.Files, FenceScene.Ledger, FenceScene.Books, FenceScene.Pages);

    public static TheoryData<string> Kinds => [.. FenceCatalog.All.Select(kind => kind.Name)];

    [Fact]
    public void Catalog_FindsEveryKindByNameAndByFence()
    {
        Assert.Equal(["close-storage", "failover-group", "stop-postgres", "stop-web-app", "write-lease"], FenceCatalog.All.Select(kind => kind.Name));
        Assert.All(FenceCatalog.All, kind => Assert.Same(kind, FenceCatalog.Find(kind.Name)));
        Assert.Null(FenceCatalog.Find("none"));
        Assert.Equal(FenceCatalog.All, s_plan.Stores.Select(store => FenceCatalog.Of(store.Fence)).OrderBy(kind => kind.Name, StringComparer.Ordinal));
        Assert.Throws<ArgumentException>(() => FenceCatalog.Of(new Foreign()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kind_SaysAllThatPeopleAndProgramsRead(string name)
    {
        var kind = FenceCatalog.Find(name)!; // From the catalog.
        foreach (var region in Enum.GetValues<RegionRole>())
        {
            var site = FenceSite.Of(s_plan, region).Single(site => site.Kind == kind);

            Assert.Null(kind.Misfit(site.Store, s_plan.Primary));
            Assert.NotEmpty(kind.Describe(site));
            Assert.False(kind.Describe(site).EndsWith('.'));
            Assert.True(kind.Estimate(site) > TimeSpan.Zero && kind.Estimate(site) >= kind.Least(site));
            Assert.NotEmpty(kind.Permissions(site));
            Assert.All(kind.AzCommands(site), command => Assert.Contains(ShellWords.Of(command)[0], (string[])["az", "jq", "sleep"]));
        }

        Assert.EndsWith(".", kind.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(kind.Fields, field => field.Name == "kind");
    }

    [Fact]
    public void Sites_OfStoresThatShareWhatIsStopped_AreFencedOnce()
    {
        var another = (ContainerStore)FenceScene.Files with { Name = "more" };
        var sites = FenceSite.Of(FenceScene.Plan(FenceScene.Files, another, FenceScene.Pages, FenceScene.Books), RegionRole.Primary);

        Assert.Equal(["files", "pages", "books"], sites.Select(site => site.Store.Name));
    }

    private sealed record Foreign : StoreFence;
}
