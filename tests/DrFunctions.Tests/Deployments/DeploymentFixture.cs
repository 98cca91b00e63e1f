namespace DrFunctions.App.Deployments;

/// <summary>One deployment for all tests of a class; each takes a workload of its own.</summary>
public class DeploymentFixture : IAsyncLifetime
{
    private int workloads;

    internal Deployment App { get; private set; } = null!; // set by InitializeAsync

    internal Api Api => App.Api;

    public virtual async Task InitializeAsync() => App = await Deployment.StartAsync();

    public async Task DisposeAsync()
    {
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }

    /// <summary>A name that no other test uses.</summary>
    internal string NextWorkload() => FormattableString.Invariant($"shop-{Interlocked.Increment(ref workloads)}");
}

/// <summary>The same with the secondary region dark, so that a <see cref="ShopPlan.Waiting"/> run lasts.</summary>
public sealed class WaitingFixture : DeploymentFixture
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await App.Cloud.SetRegionDarkAsync("northeurope", true);
    }

    /// <summary>Applies a waiting plan for a new workload.</summary>
    internal async Task<string> ApplyAsync()
    {
        var workload = NextWorkload();
        await Api.ApplyAsync(workload, App.Plan.For(workload).Waiting().Yaml);
        return workload;
    }
}
