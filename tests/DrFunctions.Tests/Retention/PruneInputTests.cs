using DrFunctions.App.Deployments;
using DrFunctions.Plans;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Retention;

public sealed class PruneInputTests
{
    private static readonly BlobContainer s_west = new("WEST", "backups");
    private static readonly BlobContainer s_north = new("NORTH", "backups");
    private static readonly RepositoryPair s_pair = new(s_north, s_west);

    [Fact]
    public void InstanceId_OfAttempts_FitsAndKeepsThemApart()
    {
        var first = new PruneInput(s_pair, [new PrunePlace(s_west, "westeurope")], new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero), 1);

        Assert.Equal(("20260301T0300Z", "20260301T0300Z-002"), (first.Name, (first with { Attempt = 2 }).Name));
        Assert.EndsWith("_20260301T0300Z-002", (first with { Attempt = 2 }).InstanceId, StringComparison.Ordinal);
        Assert.InRange((first with { Attempt = 2 }).InstanceId.Length, 1, 86); // of the 100 that Durable Functions allows
    }

    /// <summary>Two plans whose homes are each other's standby share both repositories all the same.</summary>
    [Fact]
    public void Of_PlansThatNameTheSameTwo_IsOnePair()
    {
        var plan = PlanReader.Read(ShopPlan.With(80).Yaml).Plan!; // The sample is valid.
        var turned = plan with { Primary = plan.Secondary, Secondary = plan.Primary };
        var other = plan with { Secondary = plan.Secondary with { Repository = new BlobContainer("SHOP_NORTHEUROPE_STORAGE", "elsewhere") } };

        Assert.Equal(RepositoryPair.Of(plan), RepositoryPair.Of(turned));
        Assert.Equal(RepositoryPair.Of(plan)?.Id, RepositoryPair.Of(turned)?.Id);
        Assert.NotEqual(RepositoryPair.Of(plan)?.Id, RepositoryPair.Of(other)?.Id);
        Assert.Null(RepositoryPair.Of(plan with { Primary = plan.Primary with { Repository = null } }));
    }
}
